"""A link by which an operator sets a password is worth nothing once another way was taken."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from tests.support.concurrency import at_once
from tests.support.factories import make_operator
from webapp.kernel.errors import NotFound
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords

PASSWORD = "a horn in the morning"
# How long the first of two waits for the other one to be as far as it is.
LONG_ENOUGH = 0.5


def test_a_new_password_ends_a_link_that_was_made_before(runtime: Runtime):
    operator = make_operator(runtime)
    token = team.invite_again(runtime, operator.id)

    team.set_password(runtime, operator.id, PASSWORD)

    with pytest.raises(NotFound):
        team.accept(runtime, token, name="Eve", password="another horn at noon")


def test_who_was_shut_out_does_not_come_back_by_an_old_link(runtime: Runtime):
    operator = make_operator(runtime)
    token = team.invite_again(runtime, operator.id)
    team.set_active(runtime, operator.id, active=False)
    team.set_active(runtime, operator.id, active=True)

    with pytest.raises(NotFound):
        team.invited(runtime, token)


def test_of_two_who_use_one_link_at_once_one_is_let_in(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    token = team.invite_again(runtime, make_operator(runtime).id)
    both = Barrier(2)

    def hashed(*_given: object) -> str:
        with suppress(BrokenBarrierError):
            both.wait(LONG_ENOUGH)
        return "hash"

    monkeypatch.setattr(passwords, "hashed", hashed)

    def use(alone: Runtime) -> str:
        try:
            return team.accept(alone, token, name="Ada", password=PASSWORD).name
        except NotFound:
            alone.session.rollback()
            return ""

    assert sorted(at_once(runtime, 2, use)) == ["", "Ada"]
