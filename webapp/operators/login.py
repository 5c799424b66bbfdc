"""Log-in, throttled by email and by address."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from webapp.kernel.audit import Actor
from webapp.kernel.db import insert_into
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.operators import passwords
from webapp.operators.models import LoginThrottle, Operator

TRIES = 5
TRIES_PER_ADDRESS = 30
PAUSE = timedelta(minutes=15)


class LoginRefused(FanfareError):
    """The log-in failed; the sentence does not tell whether the operator exists."""


def log_in(runtime: Runtime, email: str, password: str, *, address: str) -> Operator:
    """Return the operator, or raise `LoginRefused`; each failure counts towards a pause."""
    keys = {f"email:{normal(email)}": TRIES, f"address:{address}": TRIES_PER_ADDRESS}
    _refuse_during_pause(runtime, list(keys))
    operator = runtime.session.scalar(
        select(Operator).where(Operator.email == normal(email), Operator.active)
    )
    # The hash takes a tenth of a second; the database must not wait for it.
    stored = operator.password_hash if operator else None
    runtime.session.commit()
    if not passwords.fits(password, stored) or operator is None:
        left = min(_count_failure(runtime, key, most) for key, most in keys.items())
        raise LoginRefused(_sentence(left))
    runtime.session.execute(
        delete(LoginThrottle).where(LoginThrottle.key == f"email:{normal(email)}")
    )
    operator.last_login_at = runtime.clock.system()
    runtime.acting_as(Actor(name=operator.name, operator_id=operator.id)).record(
        "operator.log_in", operator, address=address
    )
    runtime.session.commit()
    return operator


def normal(email: str) -> str:
    """Return an email as it is stored and compared."""
    return email.strip().lower()


def _refuse_during_pause(runtime: Runtime, keys: list[str]) -> None:
    now = runtime.clock.system()
    until = runtime.session.scalar(
        select(func.max(LoginThrottle.blocked_until)).where(LoginThrottle.key.in_(keys))
    )
    if until and until > now:
        minutes = max(1, round((until - now).total_seconds() / 60))
        raise LoginRefused(_("Too many tries. Log-in opens again in %(n)s min.", n=minutes))


def _count_failure(runtime: Runtime, key: str, most: int) -> int:
    """Count one failure and return how many tries are left before a pause."""
    now = runtime.clock.system()
    row = _held(runtime, key)
    # Tries that were under way when the pause began must not end it.
    paused = row.blocked_until is not None and row.blocked_until > now
    if not paused and (row.blocked_until or now - row.failed_at > PAUSE):
        row.failures, row.blocked_until = 0, None
    row.failures += 1
    row.failed_at = now
    if row.failures >= most and not paused:
        row.blocked_until = now + PAUSE
    runtime.session.commit()
    return most - row.failures


def _held(runtime: Runtime, key: str) -> LoginThrottle:
    """Return the count of a key, made if it is the first, which nobody else changes meanwhile."""
    new = {"key": key, "failures": 0, "failed_at": runtime.clock.system()}
    insert = insert_into(runtime.session, LoginThrottle)
    runtime.session.execute(insert.values(new).on_conflict_do_nothing())
    return runtime.session.get_one(LoginThrottle, key, with_for_update=True, populate_existing=True)


def _sentence(left: int) -> str:
    if left <= 0:
        return _("Email or password is wrong. Log-in pauses for 15 minutes.")
    return _("Email or password is wrong. %(n)s tries left before a pause of 15 minutes.", n=left)
