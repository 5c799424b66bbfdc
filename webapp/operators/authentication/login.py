"""Log-in: one sentence for whatever is wrong, and a pace that guessing does not survive."""

from datetime import timedelta

from sqlalchemy import select

from webapp.kernel.audit import Actor
from webapp.kernel.errors import FanfareError
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.authentication import failed_logins, passwords, throttle
from webapp.operators.models import Operator


class LoginRefused(FanfareError):
    """The log-in failed; the sentence does not tell whether the operator exists."""


@requires(Permission.PUBLIC)
def log_in(
    runtime: Runtime,
    email: str,
    password: str,
    *,
    address: str,
    device: throttle.Device | None = None,
) -> Operator:
    """Return the operator, or raise `LoginRefused`, or `TooSoon` while tries have to wait."""
    mail = normal(email)
    operator = runtime.session.scalar(
        select(Operator).where(Operator.email == mail, Operator.active)
    )
    stored = operator.password_hash if operator else None
    tallies = throttle.of_log_in(runtime, mail, operator, address, device)
    # The hash takes a tenth of a second; the database must not wait for it.
    wait = throttle.take(runtime, tallies)
    if not passwords.fits(password, stored) or operator is None:
        failed_logins.note(runtime, operator, address)
        raise LoginRefused(_sentence(wait))
    throttle.forgive(runtime, tallies)
    operator.last_login_at = runtime.clock.system()
    runtime.acting_as(Actor(name=operator.name, operator_id=operator.id)).record(
        "operator.log_in", operator, address=address
    )
    runtime.session.commit()
    return operator


def normal(email: str) -> str:
    """Return an email as it is stored and compared."""
    return email.strip().lower()


def _sentence(wait: timedelta) -> str:
    if not wait:
        return _("Email or password is wrong.")
    return _("Email or password is wrong. Try again in %(time)s.", time=throttle.in_words(wait))
