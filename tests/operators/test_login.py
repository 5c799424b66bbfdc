from datetime import timedelta
from threading import Barrier

import pytest

from tests.operators.together import at_once
from webapp.kernel.runtime import Runtime
from webapp.operators import passwords, team
from webapp.operators.login import PAUSE, TRIES, LoginRefused, log_in
from webapp.operators.models import LoginThrottle, Operator, Role

PASSWORD = "a horn in the morning"


@pytest.fixture
def ines(runtime: Runtime) -> Operator:
    return team.create(
        runtime,
        name="Inès",
        email="Ines@Ateliernord.example",
        role=Role.ADMIN,
        password_hash=passwords.hashed(PASSWORD),
    )


def fail(runtime: Runtime, email: str = "ines@ateliernord.example") -> str:
    with pytest.raises(LoginRefused) as refused:
        log_in(runtime, email, "wrong", address="192.0.2.1")
    return refused.value.message


def test_the_right_password_logs_in_whatever_the_case_of_the_email(runtime: Runtime, ines):
    operator = log_in(runtime, " INES@ateliernord.example ", PASSWORD, address="192.0.2.1")

    assert operator.id == ines.id


def test_a_password_is_stored_as_an_argon2_hash(ines: Operator):
    assert ines.password_hash.startswith("$argon2id$")


def test_an_unknown_email_gets_the_same_sentence_as_a_wrong_password(runtime: Runtime, ines):
    assert fail(runtime, "nobody@ateliernord.example") == fail(runtime)


def test_after_five_failures_even_the_right_password_waits(runtime: Runtime, ines):
    for _ in range(TRIES):
        fail(runtime)

    with pytest.raises(LoginRefused, match="Too many tries"):
        log_in(runtime, ines.email, PASSWORD, address="192.0.2.7")


def test_tries_at_the_same_moment_cannot_end_the_pause(runtime: Runtime, ines, monkeypatch):
    together = Barrier(TRIES + 1)
    monkeypatch.setattr(passwords, "fits", lambda *_: together.wait(60) < 0)

    said = at_once(runtime, TRIES + 1, fail)

    monkeypatch.undo()
    assert all("wrong" in sentence for sentence in said)
    assert "Too many tries" in fail(runtime)


def test_the_pause_ends_by_itself(runtime: Runtime, ines):
    for _ in range(TRIES):
        fail(runtime)
    for row in runtime.session.query(LoginThrottle):
        row.failed_at -= PAUSE + timedelta(seconds=1)
        row.blocked_until = row.failed_at + PAUSE if row.blocked_until else None
    runtime.session.commit()

    assert log_in(runtime, ines.email, PASSWORD, address="192.0.2.1").id == ines.id


def test_one_address_trying_many_emails_is_paused_too(runtime: Runtime, ines):
    for number in range(30):
        fail(runtime, f"guess{number}@ateliernord.example")

    assert "Too many tries" in fail(runtime, "another@ateliernord.example")


def test_a_log_in_forgets_the_failures_of_that_email(runtime: Runtime, ines):
    for _ in range(TRIES - 1):
        fail(runtime)
    log_in(runtime, ines.email, PASSWORD, address="192.0.2.1")

    assert "4 tries left" in fail(runtime)


def test_a_disabled_operator_cannot_log_in(runtime: Runtime, ines):
    locked = passwords.hashed(PASSWORD)
    team.create(
        runtime,
        name="B",
        email="b@ateliernord.example",
        role=Role.ADMIN,
        password_hash=locked,
    )
    team.set_active(runtime, ines.id, active=False)

    assert "wrong" in fail(runtime)
