"""Pages and fragments read figures: none counts messages, opens a secret or reads migrations."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from tests.meta.test_routes import address, own_rules
from tests.support.deliveries import begin, ready, sent
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox
from webapp.operators.models import Role

# What is looked at here comes before any database.
pytestmark = pytest.mark.one_database

COUNTS = re.compile(r"count\((?:DISTINCT )?(message|attempt)\.", re.IGNORECASE)
# What is bounded by time: the last hour, the wave of a day, the cost of a month.
LATELY = re.compile(r"(message\.changed_at|attempt\.started_at) >=? ")
# The form of an account shows which secrets are kept; a CSV is no page.
MAY_OPEN = {"services.edit"}
NO_PAGES = re.compile(r"\.csv$|live$")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what is asked of the database."""
    found: list[str] = []

    def executed(_connection, _cursor, statement: str, *_more: object) -> None:
        found.append(statement)

    event.listen(db.engine, "before_cursor_execute", executed)
    yield found
    event.remove(db.engine, "before_cursor_execute", executed)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was opened or read from disk since."""
    found: list[str] = []
    decrypt, from_config = SecretBox.decrypt, ScriptDirectory.from_config

    def opens(box: SecretBox, ciphertext: bytes) -> str:
        found.append("a secret")
        return decrypt(box, ciphertext)

    def reads(*given: object) -> ScriptDirectory:
        found.append("migrations")
        return from_config(*given)

    monkeypatch.setattr(SecretBox, "decrypt", opens)
    monkeypatch.setattr(ScriptDirectory, "from_config", reads)
    return found


@pytest.fixture
def pages(
    app: Flask, runtime: Runtime, network: FakeNetwork, client_as: Callable[[Role], FlaskClient]
) -> tuple[FlaskClient, list[Rule]]:
    """An admin, and every page of an instance where something goes out and something did."""
    network.limits = [direct_limit(2)]
    service = make_service(runtime)
    sent(runtime, service, people=3)
    begin(runtime, ready(runtime, service, 1))
    make_delivery(runtime, service)
    make_workflow(runtime)
    client = client_as(Role.ADMIN)
    client.get("/")
    rules = [
        rule
        for rule in own_rules(app)
        if "GET" in (rule.methods or ()) and not NO_PAGES.search(rule.rule)
    ]
    return client, rules


def addresses(rule: Rule) -> set[str]:
    """The address of the first of each thing, and of the second and third."""
    first = address(rule)
    return {first, *(re.sub(r"/1(?=/|$)", f"/{number}", first) for number in (2, 3))}


def test_no_page_counts_messages(pages: tuple[FlaskClient, list[Rule]]):
    client, rules = pages
    counted = {}
    for rule in rules:
        with statements() as found:
            for where in addresses(rule):
                client.get(where)
        wrong = [item for item in found if COUNTS.search(item) and not LATELY.search(item)]
        if wrong:
            counted[rule.endpoint] = wrong[0]

    assert counted == {}


def test_no_page_opens_a_secret_or_reads_migrations(
    pages: tuple[FlaskClient, list[Rule]], opened: list[str]
):
    client, rules = pages
    wrong = {}
    for rule in rules:
        opened.clear()
        for where in addresses(rule):
            client.get(where)
        if opened and rule.endpoint not in MAY_OPEN:
            wrong[rule.endpoint] = list(opened)

    assert wrong == {}


def test_a_fragment_asks_for_no_frame(
    pages: tuple[FlaskClient, list[Rule]], monkeypatch: pytest.MonkeyPatch
):
    client, _rules = pages
    looked: list[int] = []
    monkeypatch.setattr("webapp.system.web.layout.frame", lambda _runtime: looked.append(1) or {})

    client.get("/deliveries/1", headers={"HX-Request": "true", "HX-Target": "live"})

    assert looked == []
