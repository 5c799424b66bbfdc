"""Log-ins that failed stand in the audit and the log: from where, how often, never with what."""

import logging

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import failed_logins, passwords, throttle
from webapp.operators.authentication.failed_logins import PLACES, REFUSED
from webapp.operators.authentication.login import LoginRefused, log_in
from webapp.operators.models import Operator, Role
from webapp.system.audit import wording

MAIL, PASSWORD = "ines@ateliernord.example", "a horn in the morning"
WRONG = "a trumpet at midnight"
HERE = "203.0.113.9"


@pytest.fixture
def ines(runtime: Runtime) -> Operator:
    locked = passwords.hashed(PASSWORD)
    return team.create(runtime, name="Inès", email=MAIL, role=Role.ADMIN, password_hash=locked)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess that need not wait for its turn."""
    monkeypatch.setattr(throttle, "FREE", 1_000)
    monkeypatch.setattr(throttle, "FREE_TOGETHER", 1_000)


def fail(runtime: Runtime, email: str = MAIL, address: str = HERE) -> None:
    with pytest.raises(LoginRefused):
        log_in(runtime, email, WRONG, address=address)


def kept(runtime: Runtime) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.action == REFUSED).order_by(AuditEntry.id)
    return list(runtime.session.scalars(query))


def test_a_wrong_password_stands_in_audit_and_log_with_the_address(
    runtime: Runtime, ines: Operator, caplog: pytest.LogCaptureFixture
):
    fail(runtime)

    (entry,) = kept(runtime)
    assert (entry.subject_id, entry.label, entry.actor) == (ines.id, "Inès", runtime.actor.name)
    assert entry.detail == {"address": HERE, "tries": 1}
    assert wording.words(entry) == "Refused a wrong password"
    assert wording.detail(entry) == f"address: {HERE} · tries: 1"
    assert HERE in caplog.text
    assert WRONG not in caplog.text + str(entry.detail)


def test_what_was_typed_as_an_email_that_nobody_has_is_not_kept(
    runtime: Runtime, ines, caplog: pytest.LogCaptureFixture
):
    fail(runtime, email=PASSWORD)

    (entry,) = kept(runtime)
    assert (entry.subject, entry.subject_id, entry.label) == ("operator", None, "")
    assert PASSWORD not in caplog.text + str(entry.detail)


def test_a_flood_from_one_address_is_one_entry_and_few_lines(
    runtime: Runtime, ines, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING):
        for _ in range(40):
            fail(runtime)

    (entry,) = kept(runtime)
    assert entry.detail["tries"] == 40
    assert len([one for one in caplog.records if one.name == failed_logins.__name__]) == 6


def test_a_flood_from_many_addresses_is_bounded_and_every_try_is_counted(runtime: Runtime, ines):
    for number in range(PLACES + 15):
        fail(runtime, address=f"203.0.113.{number}")
        fail(runtime, email=f"guess{number}@ateliernord.example", address=f"203.0.113.{number}")

    entries = kept(runtime)
    assert len(entries) == 2 * (PLACES + 1)
    assert sum(one.detail["tries"] for one in entries) == 2 * (PLACES + 15)
    assert wording.detail(entries[-1]) == "address: several more · tries: 15"


def test_a_wrong_current_password_in_an_open_session_is_kept_too(
    admin: FlaskClient, runtime: Runtime
):
    admin.post("/profile/password", data={"old": WRONG, "password": "a quiet harbour in november"})

    (entry,) = kept(runtime)
    assert entry.detail["tries"] == 1
    assert entry.operator_id is not None


def test_the_right_password_leaves_no_such_entry(runtime: Runtime, ines):
    log_in(runtime, MAIL, PASSWORD, address=HERE)

    assert kept(runtime) == []
