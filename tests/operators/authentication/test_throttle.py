"""Guessing slows down whoever guesses, and keeps nobody out for what others do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.support.concurrency import at_once
from tests.support.guessing import HERE, MAIL, PASSWORD, THERE, fail
from webapp.app import runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords, sessions, throttle
from webapp.operators.authentication.login import LoginRefused, log_in
from webapp.operators.authentication.throttle import (
    FREE,
    FREE_TOGETHER,
    LONGEST,
    LONGEST_TOGETHER,
    TooSoon,
)
from webapp.operators.models import LoginThrottle, Operator, Role

pytestmark = pytest.mark.usefixtures("standing")


def later(runtime: Runtime, time: timedelta) -> None:
    """Let `time` pass for everything that is counted."""
    for row in runtime.session.query(LoginThrottle):
        row.failed_at -= time
        if row.blocked_until:
            row.blocked_until -= time
    runtime.session.commit()


def fail_often(runtime: Runtime, times: int, **more) -> None:
    """Fail again and again, as early as that is let."""
    for _ in range(times):
        fail(runtime, **more)
        later(runtime, LONGEST)


def test_others_who_guess_keep_nobody_out(runtime: Runtime, ines: Operator):
    for _ in range(3 * FREE):
        fail(runtime)

    assert log_in(runtime, MAIL, PASSWORD, address=HERE).id == ines.id


def test_the_free_tries_cost_no_waiting_and_each_further_one_doubles_it(runtime: Runtime, ines):
    waits = []
    tallies = throttle.of_log_in(runtime, MAIL, ines, THERE, None)
    for _ in range(FREE + 12):
        waits.append(throttle.take(runtime, tallies).total_seconds())
        later(runtime, LONGEST)

    assert waits[: FREE - 1] == [0] * (FREE - 1)
    assert waits[FREE - 1 : FREE + 3] == [1, 2, 4, 8]
    assert waits[-1] == LONGEST.total_seconds()


def test_during_the_wait_even_the_right_password_waits_and_is_not_looked_at(
    runtime: Runtime, ines, monkeypatch
):
    for _ in range(FREE):
        fail(runtime)
    monkeypatch.setattr(passwords, "fits", lambda *_: pytest.fail("A password was looked at."))

    with pytest.raises(TooSoon, match="Try again in 1 second"):
        log_in(runtime, MAIL, PASSWORD, address=THERE)


def test_after_the_wait_the_right_password_logs_in_and_is_forgiven(runtime: Runtime, ines):
    for _ in range(FREE):
        fail(runtime)
    later(runtime, timedelta(seconds=2))

    log_in(runtime, MAIL, PASSWORD, address=THERE)

    assert fail(runtime) == "Email or password is wrong."


def test_tries_that_are_early_make_the_wait_no_longer(runtime: Runtime, ines):
    for _ in range(FREE):
        fail(runtime)
    for _ in range(20):
        assert "Try again in 1 second" in fail(runtime)


def test_many_tries_at_the_same_moment_are_all_counted(runtime: Runtime, ines, monkeypatch):
    looked: list[str] = []
    monkeypatch.setattr(passwords, "fits", lambda *_: bool(looked.append("at")))
    together = Barrier(3 * FREE)

    def guess(runtime: Runtime) -> str:
        together.wait(60)
        return fail(runtime)

    said = at_once(runtime, 3 * FREE, guess)

    assert len(looked) == FREE
    assert sum("Too many tries" in one for one in said) == 2 * FREE


def test_one_address_that_tries_many_emails_is_slowed_down(runtime: Runtime, ines):
    for number in range(FREE_TOGETHER):
        fail(runtime, f"guess{number}@ateliernord.example")

    assert "Too many tries" in fail(runtime, "another@ateliernord.example")
    assert log_in(runtime, MAIL, PASSWORD, address=HERE).id == ines.id


def test_many_addresses_that_try_one_email_are_slowed_down(runtime: Runtime, ines):
    for number in range(FREE_TOGETHER):
        fail(runtime, address=f"198.51.100.{number}")

    assert "Too many tries" in fail(runtime, address="203.0.113.5")


def test_the_owner_comes_in_from_a_known_address_while_thousands_guess(runtime: Runtime, ines):
    sessions.begin(runtime, ines, agent="", address=HERE)
    fail_often(runtime, FREE_TOGETHER + 10, address=THERE)
    for number in range(FREE_TOGETHER):
        with pytest.raises((LoginRefused, TooSoon)):
            log_in(runtime, MAIL, "wrong", address=f"203.0.113.{number}")

    assert log_in(runtime, MAIL, PASSWORD, address=HERE).id == ines.id


def test_a_known_browser_comes_in_although_its_own_address_guesses(runtime: Runtime, ines):
    device = throttle.Device(operator_id=ines.id, name="a browser of hers")
    for _ in range(2 * FREE):
        fail(runtime, address=HERE)

    assert log_in(runtime, MAIL, PASSWORD, address=HERE, device=device).id == ines.id


def test_a_known_browser_guesses_no_faster_than_others(runtime: Runtime, ines):
    device = throttle.Device(operator_id=ines.id, name="a stolen browser")
    for number in range(FREE):
        fail(runtime, address=f"203.0.113.{number}", device=device)

    assert "Too many tries" in fail(runtime, address=HERE, device=device)


def test_the_browser_of_another_operator_counts_for_nothing(runtime: Runtime, ines):
    for number in range(FREE):
        device = throttle.Device(operator_id=ines.id + 1, name=f"number {number}")
        fail(runtime, device=device)

    assert "Too many tries" in fail(runtime)


def test_an_unknown_email_is_told_and_slowed_down_like_a_known_one(runtime: Runtime, ines):
    known = [fail(runtime) for _ in range(2 * FREE)]
    unknown = [fail(runtime, "nobody@ateliernord.example", HERE) for _ in range(2 * FREE)]

    assert known == unknown


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_the_addresses_of_one_customer_are_counted_together(
    runtime: Runtime, ines, first: str, second: str, *, together: bool
):
    for _ in range(FREE):
        fail(runtime, address=first)

    assert ("Too many tries" in fail(runtime, address=second)) is together


def test_an_hour_without_a_try_forgets_them(runtime: Runtime, ines):
    for _ in range(FREE + 5):
        fail(runtime)
        later(runtime, timedelta(minutes=1))
    later(runtime, throttle.FORGOTTEN_AFTER + timedelta(seconds=1))

    assert fail(runtime) == "Email or password is wrong."


def test_a_clock_set_back_keeps_nobody_out(runtime: Runtime, ines):
    for _ in range(FREE):
        fail(runtime)
    later(runtime, -timedelta(days=3))

    assert log_in(runtime, MAIL, PASSWORD, address=THERE).id == ines.id


def test_no_email_and_no_address_can_be_read_from_what_is_counted(runtime: Runtime, ines):
    fail(runtime)

    keys = " ".join(row.key for row in runtime.session.query(LoginThrottle))
    assert keys
    assert MAIL not in keys
    assert THERE not in keys


@given(st.integers(0, 400), st.booleans())
def test_a_wait_never_exceeds_its_longest(failures: int, shared: bool):  # noqa: FBT001
    now = datetime(2026, 11, 29, tzinfo=UTC)
    row = LoginThrottle(key="", failures=failures, failed_at=now, blocked_until=None)

    wait = throttle._count(throttle.Tally("", shared=shared), row, now)

    assert timedelta() <= wait <= (LONGEST_TOGETHER if shared else LONGEST)


@pytest.fixture
def browsers(app: Flask) -> Callable[[], FlaskClient]:
    """A function that returns a browser, of an instance in which Inès may log in."""
    with app.app_context():
        locked = passwords.hashed(PASSWORD)
        runtime = runtime_of(app, trusted("test"))
        team.create(runtime, name="Inès", email=MAIL, role=Role.ADMIN, password_hash=locked)
        db.session.remove()
    return app.test_client


def post(client: FlaskClient, password: str):
    return client.post("/login", data={"email": MAIL, "password": password})


def test_pages_tell_when_to_try_again_and_let_a_known_browser_in(browsers):
    hers, stranger = browsers(), browsers()
    post(hers, PASSWORD)
    hers.post("/logout")

    answers = [post(stranger, "wrong") for _ in range(FREE + 1)]

    assert "Try again in 1 second." in answers[-2].text
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "1")
    assert "Too many tries" in answers[-1].text
    assert post(hers, PASSWORD).status_code == 303


def test_a_forged_cookie_makes_no_browser_a_known_one(browsers):
    stranger = browsers()
    answers = []
    for number in range(FREE + 1):
        stranger.set_cookie("fanfare_device", f"WzEsIm4{number}Il0.forged")
        answers.append(post(stranger, "wrong"))

    assert answers[-1].status_code == 429


def test_the_current_password_is_not_guessed_at_an_open_session(browsers):
    client = browsers()
    post(client, PASSWORD)
    wanted = "another horn at night"

    said = [
        client.post("/profile/password", data={"old": f"guess {number}", "password": wanted}).text
        for number in range(FREE + 1)
    ]
    right = client.post("/profile/password", data={"old": PASSWORD, "password": wanted})

    assert all("This is not your current password." in page for page in said[:FREE])
    assert "Too many tries. Try again in" in said[FREE].split('id="old-err"')[1][:400]
    assert right.status_code == 422
