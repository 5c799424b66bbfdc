import json

import pytest

from channels import Account
from tests.support.cli import Cli
from tests.support.factories import actions, make_service, make_subscription, service_draft
from tests.support.fakes import FakeNetwork
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import new_key
from webapp.services.connection import accounts
from webapp.services.models import Service, ServiceSecret

KEYS = '{"region": "north", "token": "good"}'


def test_a_service_is_connected_with_secrets_from_standard_input(cli: Cli, runtime: Runtime):
    said = cli("service", "add", "fake", "@ateliernord", "--json", stdin=KEYS)

    assert said.code == 0, said.err
    assert json.loads(said.out)["state"] == "connected"
    rows = json.loads(cli("service", "list", "--json").out)
    assert [row["internal_name"] for row in rows] == ["ateliernord"]


def test_a_removed_account_comes_back_with_its_people(cli: Cli, runtime: Runtime):
    service = accounts.connect(runtime, "fake", service_draft())
    make_subscription(runtime, service, opted_out_at=runtime.now())
    accounts.remove(runtime, service.id)

    said = cli("service", "add", "fake", "@ateliernord", "--json", stdin=KEYS)

    assert json.loads(said.out)["id"] == service.id


WRONG = {
    "wrong keys": ("fake", "ateliernord", '{"token": "wrong"}', "The token is wrong. Make a new"),
    "other account": ("fake", "elsewhere", KEYS, "These keys belong to @ateliernord, not to @else"),
    "no secret": ("fake", "ateliernord", "{}", "token: This is needed."),
    "no json": ("fake", "ateliernord", "good", "neither JSON nor name=value lines"),
    "field": ("fake", "ateliernord", '{"token": "good", "tokn": "x"}', "Did you mean token?"),
    "box": ("fake", "ateliernord", '{"token": "good", "loud": "maybe"}', "loud: Write yes or no."),
    "channel": ("fkae", "ateliernord", KEYS, "No plugin brings the channel fkae"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_named_and_connects_nothing(cli: Cli, runtime: Runtime, case: str):
    kind, name, keys, sentence = WRONG[case]

    said = cli("service", "add", kind, name, stdin=keys)

    assert said.code == 1
    assert sentence in said.err
    assert "good" not in said.err
    assert runtime.session.query(Service).count() == 0


def test_a_service_is_put_into_its_folders(cli: Cli, runtime: Runtime):
    folders = ("--folder", "Shops", "--visitor-folder", "Guests")

    said = cli("service", "add", "fake", "@ateliernord", *folders, stdin=KEYS)

    assert said.code == 0, said.err
    made = accounts.find(runtime, "ateliernord")
    assert (made.folder.name, made.visitor_folder.name) == ("Shops", "Guests")


def test_secrets_are_read_from_the_environment_instead(cli: Cli, runtime: Runtime):
    named = {"FANFARE_SERVICE_TOKEN": "good", "FANFARE_SERVICE_REGION": "north"}

    said = cli("service", "add", "fake", "@ateliernord", stdin="nonsense", **named)

    assert said.code == 0, said.err
    assert accounts.find(runtime, "ateliernord").settings == {"region": "north", "loud": False}
    # They may stay exported: other commands leave them alone.
    assert cli("service", "list", **named).code == 0


def test_a_mistyped_secret_of_the_environment_is_named(cli: Cli):
    said = cli("service", "add", "fake", "ateliernord", FANFARE_SERVICE_TOKN="good")

    assert said.code == 1
    assert "knows no tokn. Did you mean token?" in said.err


SWITCHED = {"no": False, "false": False, "yes": True, "1": True}


@pytest.mark.parametrize("word", SWITCHED)
def test_a_box_is_ticked_by_yes_and_left_by_no(cli: Cli, runtime: Runtime, word: str):
    said = cli("service", "add", "fake", "ateliernord", stdin=f"token=good\nloud={word}")

    assert said.code == 0, said.err
    assert accounts.find(runtime, "ateliernord").settings["loud"] is SWITCHED[word]


def test_every_field_at_fault_has_its_line(cli: Cli):
    said = cli("service", "add", "fake", "ateliernord", stdin=json.dumps({"region": "x" * 40}))

    assert said.code == 1
    assert said.err.splitlines() == [
        "fanfare: region: At most 30 characters.",
        "fanfare: token: This is needed.",
    ]


def test_the_doctor_ends_with_its_verdict(cli: Cli, runtime: Runtime, network: FakeNetwork):
    service = make_service(runtime, internal_name="ateliernord")
    network.account = Account(
        remote_id=service.remote_id, handle="ateliernord", name="Atelier Nord", followers=3
    )

    said = cli("service", "verify", "ateliernord", "--json")

    assert said.code == 0, said.err
    assert json.loads(said.out)[-1]["state"] == "passed"
    assert cli("service", "verify", "ateliernrod").err.endswith("Did you mean ateliernord?\n")


def test_keys_are_rotated_with_an_audit_entry(cli: Cli, runtime: Runtime, settings: Settings):
    service = make_service(runtime)
    both = ",".join([new_key(), *settings.encryption_keys])
    before = runtime.session.get(ServiceSecret, (service.id, "token")).ciphertext
    runtime.session.rollback()

    said = cli("rotate-keys", FANFARE_ENCRYPTION_KEYS=both)

    row = runtime.session.get(ServiceSecret, (service.id, "token"), populate_existing=True)
    assert (said.code, said.out) == (0, "1 secrets use the newest key.\n")
    assert row.ciphertext != before
    assert actions(runtime) == ["keys.rotate"]
