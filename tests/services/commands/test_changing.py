"""`service change`: what is not named stays as it is, the keys above all."""

import json
from decimal import Decimal

import pytest

from tests.support.cli import Cli
from tests.support.factories import service_draft
from webapp.kernel.runtime import Runtime
from webapp.services.channel.context import context_of
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceOptions
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime) -> Service:
    options = ServiceOptions(daily_cap=40, folder="Shops", monthly_budget=Decimal(60))
    return accounts.connect(runtime, "fake", service_draft(options=options))


def test_one_setting_changes_and_the_keys_and_all_else_stay(
    cli: Cli, runtime: Runtime, service: Service
):
    said = cli("service", "change", "@ateliernord", "--daily-cap", "100", "--json")

    assert said.code == 0, said.err
    assert json.loads(said.out)["id"] == service.id
    runtime.session.refresh(service)
    assert (service.daily_cap, service.label, service.folder.name) == (100, "Atelier Nord", "Shops")
    assert (service.monthly_budget, service.settings["region"]) == (60, "north")
    assert context_of(runtime, service).secret("token") == "good"


def test_a_setting_of_the_channel_changes_without_its_keys(
    cli: Cli, runtime: Runtime, service: Service
):
    said = cli("service", "change", "ateliernord", "--from-stdin", stdin='{"region": "south"}')

    assert said.code == 0, said.err
    runtime.session.refresh(service)
    assert service.settings["region"] == "south"
    assert context_of(runtime, service).secret("token") == "good"


def test_other_keys_are_asked_before_they_take_the_place_of_the_old(
    cli: Cli, runtime: Runtime, service: Service
):
    wrong = cli("service", "change", "ateliernord", "--from-stdin", stdin='{"token": "wrong"}')
    right = cli("service", "change", "ateliernord", "--from-stdin", stdin="token=better\n")

    assert (wrong.code, right.code) == (1, 0)
    assert "The token is wrong. Make a new one." in wrong.err
    runtime.session.expire_all()
    assert context_of(runtime, service).secret("token") == "better"


def test_a_budget_is_set_and_taken_away(cli: Cli, runtime: Runtime, service: Service):
    assert cli("service", "change", "ateliernord", "--budget", "75.50").code == 0
    runtime.session.refresh(service)
    assert str(service.monthly_budget).startswith("75.5")
    runtime.session.commit()

    assert cli("service", "change", "ateliernord", "--no-budget").code == 0
    runtime.session.refresh(service)
    assert service.monthly_budget is None


WRONG = {
    "both": (("ateliernord", "--budget", "1", "--no-budget"), "", "either --budget or --no-budget"),
    "name": (("ateliernrd", "--daily-cap", "3"), "", "Did you mean ateliernord?"),
    "field": (("ateliernord", "--from-stdin"), '{"tokn": "x"}', "Did you mean token?"),
    "folder": (("ateliernord", "--folder", "x" * 300), "", "folder: "),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_named_and_changes_nothing(
    cli: Cli, runtime: Runtime, service: Service, case: str
):
    words, keys, sentence = WRONG[case]

    said = cli("service", "change", *words, stdin=keys)

    assert said.code == 1
    assert sentence in said.err
    runtime.session.refresh(service)
    assert (service.daily_cap, service.monthly_budget) == (40, 60)
