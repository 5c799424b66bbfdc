import secrets
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest

from tests.support.concurrency import at_once
from webapp.kernel.audit import AuditEntry
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords, sessions
from webapp.operators.models import Operator, Role

PASSWORD = "a horn in the morning"


@pytest.fixture
def boss(runtime: Runtime) -> Operator:
    return team.create_first(
        runtime, name="Inès", email="ines@ateliernord.example", password=PASSWORD
    )


def test_only_one_first_administrator_can_be_made(runtime: Runtime, boss: Operator):
    with pytest.raises(Conflict):
        team.create_first(runtime, name="Eve", email="eve@elsewhere.example", password=PASSWORD)


def test_an_invitation_lets_its_operator_in_once(runtime: Runtime, boss: Operator):
    _, token = team.invite(runtime, email="jonas@ateliernord.example", role=Role.REVIEWER)

    operator = team.accept(runtime, token, name="Jonas Berg", password=PASSWORD)

    assert passwords.fits(PASSWORD, operator.password_hash)
    with pytest.raises(NotFound):
        team.accept(runtime, token, name="Eve", password=PASSWORD)


def test_an_invitation_ends_after_three_days(runtime: Runtime, boss: Operator):
    operator, token = team.invite(runtime, email="jonas@ateliernord.example", role=Role.VIEWER)
    operator.invited_until -= team.INVITATION_LASTS + timedelta(seconds=1)
    runtime.session.commit()

    with pytest.raises(NotFound):
        team.invited(runtime, token)


def test_the_token_of_an_invitation_is_not_stored(runtime: Runtime, boss: Operator):
    operator, token = team.invite(runtime, email="jonas@ateliernord.example", role=Role.VIEWER)

    assert token not in str(vars(operator))


def test_the_last_administrator_keeps_the_role(runtime: Runtime, boss: Operator):
    with pytest.raises(Conflict, match="last administrator"):
        team.set_role(runtime, boss.id, Role.VIEWER)


def test_an_administrator_who_was_invited_and_never_came_counts_for_nothing(
    runtime: Runtime, boss: Operator
):
    team.invite(runtime, email="jonas@ateliernord.example", role=Role.ADMIN)

    with pytest.raises(Conflict, match="last administrator"):
        team.set_role(runtime, boss.id, Role.VIEWER)


def test_the_last_administrator_may_still_log_in(runtime: Runtime, boss: Operator):
    with pytest.raises(Conflict, match="last administrator"):
        team.set_active(runtime, boss.id, active=False)


@pytest.mark.parametrize("email", ["ines", "ines@ateliernord", "a b@c.d", "@x.y"])
def test_an_email_that_cannot_be_one_is_refused(runtime: Runtime, email: str):
    with pytest.raises(Invalid) as fault:
        team.create(runtime, name="", email=email, role=Role.VIEWER)

    assert fault.value.fields["email"]


def test_a_new_password_ends_the_sessions_begun_before(runtime: Runtime, boss: Operator):
    _session, token = sessions.begin(runtime, boss, agent="", address="192.0.2.1")

    team.set_password(runtime, boss.id, "another horn at night")

    assert sessions.resume(runtime, token) is None


def test_every_change_of_the_team_is_audited(runtime: Runtime, boss: Operator):
    jonas, _ = team.invite(runtime, email="jonas@ateliernord.example", role=Role.VIEWER)
    team.set_role(runtime, jonas.id, Role.MARKETER)
    team.set_active(runtime, jonas.id, active=False)

    actions = [entry.action for entry in runtime.session.query(AuditEntry).order_by("id")]

    assert actions == [
        "operator.create",
        "operator.create",
        "operator.invite",
        "operator.role",
        "operator.disable",
    ]


def test_only_one_of_two_browsers_makes_the_first_administrator(runtime: Runtime, monkeypatch):
    together = Barrier(6)
    monkeypatch.setattr(passwords, "hashed", lambda *_: f"hash {together.wait(60)}")

    def found(runtime: Runtime) -> bool:
        with suppress(Conflict):
            email = f"{secrets.token_hex(4)}@ateliernord.example"
            return bool(team.create_first(runtime, name="Eve", email=email, password=PASSWORD))
        return False

    assert sum(at_once(runtime, 6, found)) == 1


def test_administrators_who_demote_each_other_leave_one(runtime: Runtime, boss: Operator):
    locked, admin = passwords.hashed(PASSWORD), Role.ADMIN
    mails = (f"{number}@ateliernord.example" for number in range(5))
    others = [
        team.create(runtime, name="Eve", email=mail, role=admin, password_hash=locked)
        for mail in mails
    ]
    ids = [boss.id, *(operator.id for operator in others)]
    together = Barrier(len(ids))

    def demote(runtime: Runtime) -> bool:
        operator_id = ids[together.wait(60)]
        with suppress(Conflict):
            return bool(team.set_role(runtime, operator_id, Role.VIEWER))
        return False

    assert sum(at_once(runtime, len(ids), demote)) == len(ids) - 1
