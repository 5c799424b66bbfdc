"""The operators: the first one, invitations, roles, who may no longer log in."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, update

from webapp.kernel.db import hold
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import EVERYTHING, Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST, length_fault
from webapp.operators.accounts import first_admin, time_zones
from webapp.operators.authentication import passwords, sessions, throttle
from webapp.operators.authentication.login import normal
from webapp.operators.models import Operator, Role
from webapp.operators.ownership import require_own

INVITATION_LASTS = timedelta(days=3)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@requires(Permission.PUBLIC)
def exists_any(runtime: Runtime) -> bool:
    """Tell whether anybody can log in yet."""
    return runtime.session.scalar(select(Operator.id).limit(1)) is not None


@requires(Permission.VIEW)
def every(runtime: Runtime) -> Sequence[Operator]:
    """Return the operators by name."""
    return runtime.session.scalars(select(Operator).order_by(func.lower(Operator.name))).all()


@requires(Permission.ADMIN)
def get(runtime: Runtime, operator_id: int) -> Operator:
    """Return one operator; raise `NotFound`."""
    return _operator(runtime, operator_id)


def _operator(runtime: Runtime, operator_id: int) -> Operator:
    found = runtime.session.get(Operator, operator_id)
    if found is None:
        raise NotFound(_("There is no such operator."))
    return found


def by_email(runtime: Runtime, email: str) -> Operator:
    """Return the operator with an email; raise `NotFound`."""
    found = runtime.session.scalar(select(Operator).where(Operator.email == normal(email)))
    if found is None:
        raise NotFound(_("No operator has the email %(email)s.", email=normal(email)))
    return found


@requires(Permission.PUBLIC)
def create_first(
    runtime: Runtime, *, name: str, email: str, password: str, time_zone: str = ""
) -> Operator:
    """Create the first administrator; raise `Conflict` when there is one already.

    Whoever tells no zone lives in that of the instance.
    """
    locked = passwords.hashed(password, (name, email))
    hold(runtime.session, Operator)
    if exists_any(runtime):
        raise Conflict(_("This instance has an administrator already. Log in instead."))
    more = {"password_hash": locked, "time_zone": time_zone}
    # There is nobody yet who could give them a role.
    founder = runtime.acting_as(replace(runtime.actor, permissions=EVERYTHING))
    operator = create(founder, name=name, email=email, role=Role.ADMIN, **more)
    first_admin.tell(founder, operator)
    return operator


@requires(Permission.ADMIN)
def create(
    runtime: Runtime, /, *, name: str, email: str, role: Role, **chosen: str | None
) -> Operator:
    """Add an operator; raise `Invalid` for a wrong value, `Conflict` for a known email.

    `chosen` is what they chose themselves already: `password_hash` and `time_zone`.
    """
    zone = time_zones.checked(chosen.get("time_zone") or runtime.settings.time_zone)
    hold(runtime.session, Operator)
    address = _checked(runtime, email)
    operator = Operator(
        email=address,
        name=_named(name) or address.split("@")[0],
        role=role,
        password_hash=chosen.get("password_hash"),
        time_zone=zone,
        created_at=runtime.clock.system(),
    )
    runtime.session.add(operator)
    runtime.session.flush()  # The audit entry needs the id.
    runtime.record("operator.create", operator, role=role.value)
    runtime.session.commit()
    return operator


@requires(Permission.ADMIN)
def invite(runtime: Runtime, *, email: str, role: Role) -> tuple[Operator, str]:
    """Add an operator who sets a password by a link; return the operator and the link's token."""
    operator = create(runtime, name="", email=email, role=role)
    return operator, invite_again(runtime, operator.id)


@requires(Permission.ADMIN)
def invite_again(runtime: Runtime, operator_id: int) -> str:
    """Make a new link by which the operator sets a password; older links end."""
    operator = get(runtime, operator_id)
    if not operator.active:
        raise Conflict(_("%(name)s may not log in. Enable them first.", name=operator.name))
    token = secrets.token_urlsafe(24)
    operator.invitation_hash = _fingerprint(token)
    operator.invited_until = runtime.clock.system() + INVITATION_LASTS
    runtime.record("operator.invite", operator)
    runtime.session.commit()
    return token


@requires(Permission.PUBLIC)
def invited(runtime: Runtime, token: str) -> Operator:
    """Return the operator a link was made for; raise `NotFound` when it is used up or too old."""
    operator = runtime.session.scalar(
        select(Operator).where(Operator.invitation_hash == _fingerprint(token), Operator.active)
    )
    until = operator.invited_until if operator else None
    if operator is None or until is None or until < runtime.clock.system():
        raise NotFound(_("This link is used up or too old. An administrator can make a new one."))
    return operator


@requires(Permission.PUBLIC)
def accept(
    runtime: Runtime, token: str, *, name: str, password: str, time_zone: str = ""
) -> Operator:
    """Let an invited operator in with a name and password of their own, and their zone."""
    operator = invited(runtime, token)
    zone = time_zones.checked(time_zone or operator.time_zone)
    locked = passwords.hashed(password, (name, operator.email))
    _use_up(runtime, token)
    operator.name = _named(name) or operator.name
    operator.time_zone = zone
    _end_link(operator)
    operator.password_hash = locked
    sessions.end_all(runtime, operator)
    throttle.release(runtime, operator)
    runtime.record("operator.accept", operator)
    runtime.session.commit()
    return operator


def _use_up(runtime: Runtime, token: str) -> None:
    """Use a link up; raise `NotFound` for who comes second, however close."""
    used = updated(
        runtime.session,
        update(Operator)
        .where(Operator.invitation_hash == _fingerprint(token), Operator.active)
        .values(invitation_hash=None),
    )
    if not used:
        runtime.session.rollback()
        raise NotFound(_("This link is used up or too old. An administrator can make a new one."))


def _end_link(operator: Operator) -> None:
    operator.invitation_hash, operator.invited_until = None, None


@requires(Permission.VIEW)
def set_password(runtime: Runtime, operator_id: int, password: str) -> Operator:
    """Give an operator a new password; every session and link that was made before it ends."""
    operator = _operator(runtime, operator_id)
    require_own(runtime, operator)
    locked = passwords.hashed(password, (operator.name, operator.email))
    operator.password_hash = locked
    _end_link(operator)
    sessions.end_all(runtime, operator)
    throttle.release(runtime, operator)
    runtime.record("operator.password", operator)
    runtime.session.commit()
    return operator


@requires(Permission.ADMIN)
def set_role(
    runtime: Runtime, operator_id: int, role: Role, *, keep: int | None = None
) -> Operator:
    """Give an operator another role; the last administrator stays one.

    The operator's sessions end, but for the one with the id `keep`: what a page of the old role
    showed is no longer theirs to see.
    """
    operator = get(runtime, operator_id)
    if role is not Role.ADMIN:
        _keep_an_admin(runtime, operator)
    before, operator.role = operator.role, role
    if before is not role:
        sessions.end_all(runtime, operator, keep=keep)
    runtime.record("operator.role", operator, before=before.value, after=role.value)
    runtime.session.commit()
    return operator


@requires(Permission.ADMIN)
def set_active(runtime: Runtime, operator_id: int, *, active: bool) -> Operator:
    """Let an operator log in, or no longer; the last administrator stays.

    Who may no longer comes back with a password or a new link, not with one that was made before.
    """
    operator = get(runtime, operator_id)
    if not active:
        _keep_an_admin(runtime, operator)
        _end_link(operator)
        sessions.end_all(runtime, operator)
    operator.active = active
    runtime.record("operator.enable" if active else "operator.disable", operator)
    runtime.session.commit()
    return operator


def _keep_an_admin(runtime: Runtime, operator: Operator) -> None:
    # Two who demote each other at the same moment would both find the other one still there.
    hold(runtime.session, Operator)
    others = select(func.count()).where(
        Operator.role == Role.ADMIN,
        Operator.active,
        Operator.id != operator.id,
        # Who was invited and never came cannot log in.
        Operator.password_hash.is_not(None),
    )
    if operator.role is Role.ADMIN and not runtime.session.scalar(others):
        raise Conflict(
            _("The last administrator must stay one. Make somebody else an administrator first.")
        )


def _checked(runtime: Runtime, email: str) -> str:
    address = normal(email)
    fault = email_fault(address)
    if fault:
        raise Invalid(fault, {"email": fault})
    if runtime.session.scalar(select(Operator.id).where(Operator.email == address)):
        raise Conflict(_("%(email)s is an operator already.", email=address))
    return address


def _named(name: str) -> str:
    """Return a name without blanks around it; empty for none."""
    fault = length_fault(name) if name.strip() else ""
    if fault:
        raise Invalid(fault, {"name": fault})
    return name.strip()


def email_fault(address: str) -> str:
    """Return what is wrong with an email, as a sentence; empty when nothing is."""
    if len(address) > LONGEST:
        return length_fault(address)
    if "@" not in address:
        return _("An email has an @, such as ines@ateliernord.example.")
    if not EMAIL.fullmatch(address):
        return _("The part after @ has no dot, such as ateliernord.example.")
    return ""


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
