"""A new password ends the pause after wrong ones, and so does whoever stands at the console."""

import pytest

from tests.support.guessing import HERE, MAIL, PASSWORD, THERE, fail
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import throttle
from webapp.operators.authentication.login import log_in
from webapp.operators.authentication.throttle import FREE, FREE_TOGETHER
from webapp.operators.models import Operator, Role

pytestmark = pytest.mark.usefixtures("standing")


def lock_out(runtime: Runtime) -> None:
    """Guess from one address until it has to wait."""
    for _ in range(FREE + 3):
        fail(runtime, address=HERE)
    assert "Too many tries" in fail(runtime, address=HERE)


def test_a_new_password_by_a_link_ends_the_pause(runtime: Runtime, ines: Operator):
    lock_out(runtime)
    new = "a quiet harbour in november"

    team.accept(runtime, team.invite_again(runtime, ines.id), name="Inès", password=new)

    assert log_in(runtime, MAIL, new, address=HERE).id == ines.id


def test_a_new_password_in_an_open_session_ends_the_pause(runtime: Runtime, ines: Operator):
    lock_out(runtime)

    team.set_password(runtime, ines.id, "a quiet harbour in november")

    assert "Email or password is wrong." in fail(runtime, address=HERE)


def test_a_pause_that_is_ended_ends_for_no_other_operator(runtime: Runtime, ines: Operator):
    other = team.create(runtime, name="J", email="jonas@ateliernord.example", role=Role.VIEWER)
    lock_out(runtime)

    throttle.unlock(runtime, other)

    assert "Too many tries" in fail(runtime, address=HERE)


def test_unlocking_ends_the_pause_of_a_known_browser_and_of_an_address(
    runtime: Runtime, ines: Operator
):
    device = throttle.Device(operator_id=ines.id, name="known")
    for _ in range(FREE + 3):
        fail(runtime, device=device)
    for number in range(FREE_TOGETHER):
        fail(runtime, f"guess{number}@ateliernord.example", address=HERE)
    assert "Too many tries" in fail(runtime, device=device)
    assert "Too many tries" in fail(runtime, address=HERE)

    throttle.unlock(runtime, ines)

    assert log_in(runtime, MAIL, PASSWORD, address=THERE, device=device).id == ines.id
    assert log_in(runtime, MAIL, PASSWORD, address=HERE).id == ines.id
