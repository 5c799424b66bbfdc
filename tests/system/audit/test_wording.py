"""The audit speaks in words and names the person."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from flask.testing import FlaskClient

from tests.support.factories import (
    make_note,
    make_service,
    make_subscription,
    make_visitor,
    service_draft,
)
from webapp.audience.consents import hearing, recording
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceOptions
from webapp.system.audit import wording

ROOT = Path(__file__).parents[3]


def recorded() -> Iterator[str]:
    """Every action that the code writes into the audit, as far as it stands there as a word."""
    words = ["git", "ls-files", "webapp", ":!webapp/migrations"]
    listed = subprocess.check_output(words, cwd=ROOT, text=True)
    for name in listed.splitlines():
        if name.endswith(".py"):
            yield from actions_in((ROOT / name).read_text(encoding="utf-8"))


def actions_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            subject, _dot, verb = node.value.partition(".")
            if subject in SUBJECTS and verb.replace("_", "").isalpha() and verb != "id":
                yield node.value


SUBJECTS = {
    "delivery",
    "keys",
    "operator",
    "plugin",
    "service",
    "subscription",
    "template",
    "visitor",
    "workflow",
}


def test_every_action_that_is_recorded_has_words():
    unsaid = {
        action
        for action in recorded()
        if wording.words(AuditEntry(action=action, detail={})) == action
    }

    assert unsaid == set()


def test_a_change_of_consent_names_the_person_and_the_account(runtime: Runtime, admin: FlaskClient):
    service = make_service(runtime, internal_name="ateliernord")
    ada = make_visitor(runtime, handle="ada", name="Ada King")
    subscription = make_subscription(runtime, service, ada)
    hearing.hear_stop(runtime, subscription, make_note(runtime, subscription))
    runtime.session.commit()

    page = admin.get("/settings/audit?of=all").text

    assert "<td>Wrote STOP</td>" in page
    assert "Ada King (ada), ateliernord" in page


def test_the_state_of_an_account_is_told_in_words(runtime: Runtime, admin: FlaskClient):
    service = make_service(runtime)
    runtime.record("service.state", service, state="needs_fixing", fault="The token is gone.")
    runtime.session.commit()

    page = admin.get("/settings/audit").text

    assert "state: needs fixing · fault: The token is gone." in page
    assert "needs_fixing" not in page


def test_what_the_label_says_already_is_not_said_twice():
    entry = AuditEntry(subject="delivery", action="delivery.approve", label="Proof #1 of “Winter”")

    assert wording.detail(entry) == ""


def test_no_choice_of_the_filter_speaks_of_nothing():
    said = dict(wording.actions(set(recorded())))

    assert {action: words for action, words in said.items() if "None" in words} == {}
    assert said["delivery.proof"] == "Sent a proof"


def test_a_moment_is_told_by_the_clocks_of_whoever_looks(runtime: Runtime, admin: FlaskClient):
    subscription = make_subscription(runtime, make_service(runtime), make_visitor(runtime))
    recording.record_stop(runtime, subscription.id, note="by telephone")

    page = admin.get("/settings/audit").text

    assert "since: Monday 23 November 2026, 10:00 CET<" in page


def test_a_change_of_cap_and_budget_names_the_values(runtime: Runtime, admin: FlaskClient):
    service = make_service(
        runtime, internal_name="ateliernord", remote_id="1", monthly_budget=Decimal(5)
    )
    options = ServiceOptions(
        daily_cap=99,
        monthly_budget=Decimal("60.5"),
        folder=service.folder.name,
        visitor_folder=service.visitor_folder.name,
    )

    accounts.change(runtime, service.id, replace(service_draft("ateliernord"), options=options))
    page = admin.get("/settings/audit").text

    assert "direct messages a day, at most: 250 → 99" in page
    assert "budget a month: $5.00 → $60.50" in page
    assert "→ Services" not in page


def test_what_people_wrote_buries_nothing_of_what_the_team_did(
    runtime: Runtime, admin: FlaskClient
):
    service = make_service(runtime, internal_name="ateliernord")
    runtime.record("service.connect", service)
    for number in range(60):
        visitor = make_visitor(runtime, handle=f"reader{number}")
        tie = make_subscription(runtime, service, visitor)
        hearing.hear_stop(runtime, tie, make_note(runtime, tie))
    runtime.session.commit()

    team, people, one = (
        admin.get(f"/settings/audit{asked}").text
        for asked in ("", "?of=people", "?what=subscription.hear_stop")
    )

    assert "Connected the account" in team
    assert "<td>Wrote STOP</td>" not in team
    assert "<td>Wrote STOP</td>" in people
    assert "<td>Connected the account</td>" not in people
    assert "<td>Wrote STOP</td>" in one
