"""Operators look after themselves; only administrators look after others."""

from dataclasses import replace

import pytest

from tests.support.factories import make_operator
from webapp.kernel.audit import Actor
from webapp.kernel.errors import NotAllowed
from webapp.kernel.runtime import Runtime
from webapp.operators.access import GRANTED
from webapp.operators.accounts import profile, team
from webapp.operators.authentication import sessions
from webapp.operators.models import Operator, Role

ACTS = {
    "see the sessions": sessions.every,
    "end one session": lambda at, who: sessions.end(at, who, sessions.every(at, who)[0].id),
    "end the others": lambda at, who: sessions.end_others(at, who, keep=None),
    "choose a theme": lambda at, who: profile.set_theme(at, who, "dark"),
    "put the first steps away": profile.put_start_away,
    "set a password": lambda at, who: team.set_password(at, who.id, "seven green umbrellas"),
}


def acting(runtime: Runtime, operator: Operator) -> Runtime:
    return runtime.acting_as(
        replace(
            Actor(name=operator.name, operator_id=operator.id),
            permissions=GRANTED[operator.role],
        )
    )


@pytest.fixture
def somebody(runtime: Runtime) -> Operator:
    operator = make_operator(runtime, Role.VIEWER)
    sessions.begin(runtime, operator, agent="", address="192.0.2.9")
    return operator


@pytest.mark.parametrize("act", ACTS)
def test_an_operator_may_look_after_themselves(runtime: Runtime, somebody: Operator, act: str):
    ACTS[act](acting(runtime, somebody), somebody)


@pytest.mark.parametrize("act", ACTS)
def test_another_operator_may_not(runtime: Runtime, somebody: Operator, act: str):
    another = acting(runtime, make_operator(runtime, Role.MARKETER))

    with pytest.raises(NotAllowed):
        ACTS[act](another, somebody)


@pytest.mark.parametrize("act", ACTS)
def test_an_administrator_may(runtime: Runtime, somebody: Operator, act: str):
    ACTS[act](acting(runtime, make_operator(runtime, Role.ADMIN)), somebody)
