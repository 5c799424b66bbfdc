"""A domain declares itself once: one line in `webapp/domains.py` adds all that it brings."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import example_domain
from tests.support.factories import make_service
from webapp import domains
from webapp.cli import fanfare
from webapp.kernel.domain import Command, Domain, Domains
from webapp.kernel.navigation import Entry, Page, current
from webapp.kernel.permissions import May, Permission
from webapp.kernel.retention import Rule
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.system.setup import defaults
from webapp.system.tasks.registry import task_of
from webapp.workflows import asking, control, runs
from webapp.workflows.models import RunState, Workflow
from webapp.workflows.tasks import CoreTask

ROOT = Path(__file__).parents[2]
KINDS = {"permissions": May, "navigation": Entry | Page, "tasks": CoreTask, "retention": Rule}


@pytest.fixture
def domains_with_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of the domains with one line more; asked for before the application is made."""
    monkeypatch.setattr(domains, "DOMAINS", (*domains.DOMAINS, example_domain.DOMAIN))


@pytest.fixture
def with_one_more(domains_with_one_more: None, runtime: Runtime) -> Runtime:
    defaults.ensure(runtime)
    return runtime


def test_a_domain_in_the_list_has_its_page_and_its_entry_in_the_frame(
    with_one_more: Runtime, admin: FlaskClient
):
    page = admin.get("/reminders")

    assert "Water the horns." in page.text
    entry = re.search(r'<a href="/reminders" data-key="r" aria-current="page">.*?</a>', page.text)
    assert entry
    assert "Reminders" in entry[0]
    assert "needs you:</span> 3" in entry[0]
    assert 'href="/reminders" data-key="r">' in admin.get("/deliveries").text


def test_a_domain_in_the_list_says_on_the_page_of_operators_what_roles_may_there(
    with_one_more: Runtime, admin: FlaskClient
):
    page = admin.get("/settings/operators").text

    assert re.search(r"See the reminders</th>(\s*<td.*?yes</span>\s*</td>){4}", page, re.DOTALL)
    assert re.search(r"Erase people</th>(\s*<td.*?no</span>\s*</td>){3}", page, re.DOTALL)


def test_a_domain_in_the_list_has_its_word_on_the_command_line(domains_with_one_more: None):
    said = CliRunner().invoke(fanfare, ["--help"]).output

    assert "reminder        Look at the reminders." in said
    assert CliRunner().invoke(fanfare, ["reminder"]).output == "Water the horns.\n"


def test_a_domain_in_the_list_has_a_workflow_that_runs_its_task(
    with_one_more: Runtime, admin: FlaskClient
):
    found = select(Workflow).where(Workflow.job == "remind")
    workflow = with_one_more.session.scalars(found).one()
    run = control.run_now(with_one_more, workflow.id, over_budget=True)
    runs.go_on(with_one_more, run.id, task_of(with_one_more, "remind"))

    assert run.state is RunState.DONE
    assert "Everybody is reminded of what is to be done" in admin.get("/workflows").text


def test_a_domain_in_the_list_is_asked_where_a_lower_one_asks(with_one_more: Runtime):
    workflows = {item.job: item for item in with_one_more.session.scalars(select(Workflow))}

    assert asking.objections(with_one_more, workflows["remind"]) == [notices.of("It was done.")]
    assert asking.objections(with_one_more, workflows["clean_up"]) == []


def test_a_domain_in_the_list_has_its_panel_on_the_page_of_an_account(
    with_one_more: Runtime, admin: FlaskClient
):
    service = make_service(with_one_more)

    page = admin.get(f"/services/{service.id}").text

    assert f"Remember {service.label}." in page
    assert page.index("Remember") < page.index("Cost of this month")


def test_without_its_line_nothing_of_a_domain_is_there(runtime: Runtime, admin: FlaskClient):
    defaults.ensure(runtime)

    assert admin.get("/reminders").status_code == 404
    assert "reminder" not in CliRunner().invoke(fanfare, ["--help"]).output
    assert "remind" not in set(runtime.session.scalars(select(Workflow.job)))


@pytest.mark.parametrize("domain", domains.DOMAINS, ids=lambda domain: domain.package)
def test_all_that_a_domain_declares_is_where_it_says_and_of_its_kind(domain: Domain, app: Flask):
    for what, kind in KINDS.items():
        if place := getattr(domain, what):
            assert all(isinstance(item, kind) for item in domain.find(place))
    for command in domain.commands.values():
        assert domain.find(command.at).help
    assert domain.find(domain.blueprint).name in app.blueprints


@pytest.mark.parametrize("domain", domains.DOMAINS, ids=lambda domain: domain.package)
def test_a_domain_says_what_each_permission_it_asks_for_lets_people_do(domain: Domain):
    folder = ROOT / domain.package.replace(".", "/")
    asks = re.compile(r"(?:needs|requires)\(Permission\.([A-Z]+)")
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    asked = {Permission[name] for text in texts for name in asks.findall(text)}

    said = [item.permission for item in domain.find(domain.permissions)]

    assert set(said) == asked - {Permission.PUBLIC}
    assert len(said) == len(set(said))


def test_every_folder_of_the_core_that_has_pages_is_in_the_list():
    with_views = {path.parent.name for path in (ROOT / "webapp").glob("*/views")}

    assert {domain.package for domain in domains.DOMAINS} == {
        f"webapp.{name}" for name in with_views
    }


def test_two_domains_cannot_bring_one_word():
    both = [Domain(package=name, commands={"x": Command(at="", help="")}) for name in ("a", "b")]

    with pytest.raises(ValueError, match="Two domains bring x"):
        _ = Domains(both).commands


def test_every_page_stands_under_an_entry_or_outside_of_the_frame(app: Flask):
    entries = Domains(domains.DOMAINS).navigation
    own = {domain.find(domain.blueprint).name for domain in domains.DOMAINS}

    lost = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in own and not current(entries, rule.endpoint)
    }

    assert {name.partition(".")[0] for name in lost} == {"system"}
    assert "system.search" in lost


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("system.home", "system.home"),
        ("deliveries.show", "deliveries.index"),
        ("deliveries.template", "deliveries.index"),
        ("audience.visitor", "audience.visitors"),
        ("audience.own_words", "audience.own_words"),
        ("operators.sessions_of", "operators.index"),
        ("system.sandbox", "system.settings"),
    ],
)
def test_a_page_is_shown_under_its_entry(page: str, entry: str):
    found = current(Domains(domains.DOMAINS).navigation, page)

    assert found
    assert found.endpoint == entry


def test_every_entry_has_its_icon_and_a_letter_of_its_own():
    known = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))
    shown = [entry for entry in Domains(domains.DOMAINS).navigation if not entry.settings]
    icons = {entry.icon for entry in shown} | {
        page.icon for entry in shown for page in entry.pages if page.icon
    }

    assert icons - known == set()
    assert len({entry.key for entry in shown}) == len(shown)
