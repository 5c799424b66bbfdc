"""The sessions of operators: they begin at log-in, and end on the server, whoever holds the cookie.

How long they last follows OWASP's cheat sheet on session management: an end that nothing moves,
and an earlier one for a browser that fell silent.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from webapp.kernel.db import in_passing
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.models import LoginSession, Operator
from webapp.operators.ownership import require_own

# After so long without a request a session ends, and after so long in any case.
IDLE = timedelta(hours=12)
LASTS = timedelta(days=7)
# The one end of a session whose operator asked to stay logged in.
STAYS = timedelta(days=14)
# For so long the addresses an operator came from are known ones.
KNOWN_FOR = timedelta(days=90)
# How old the note of the last request may get before it is written anew.
SEEN_EVERY = timedelta(minutes=5)


@requires(Permission.PUBLIC)
def begin(
    runtime: Runtime, operator: Operator, *, agent: str, address: str, stay: bool = False
) -> tuple[LoginSession, str]:
    """Begin a session; return it with the token that only the browser keeps."""
    token, now = secrets.token_urlsafe(32), runtime.clock.system()
    session = LoginSession(
        operator=operator,
        token_hash=_fingerprint(token),
        created_at=now,
        seen_at=now,
        ends_at=now + (STAYS if stay else LASTS),
        stays=stay,
        agent=agent,
        address=address,
    )
    # Whoever comes in by the first run or an invitation has logged in, too.
    operator.last_login_at = now
    runtime.session.add(session)
    runtime.session.commit()
    return session, token


def resume(runtime: Runtime, token: str) -> LoginSession | None:
    """Return the session of a token; nothing where it ended or its operator is disabled."""
    return runtime.session.scalar(
        select(LoginSession)
        .join(Operator)
        .where(
            LoginSession.token_hash == _fingerprint(token),
            Operator.active,
            _lives(runtime.clock.system()),
        )
    )


def note(runtime: Runtime, session: LoginSession) -> None:
    """Remember that a session was used, once in some minutes; nothing waits or fails for it."""
    now = runtime.clock.system()
    # A time ahead of now was written before the machine's clock was set back.
    if abs(now - session.seen_at) < SEEN_EVERY:
        return
    seen = update(LoginSession).where(LoginSession.id == session.id).values(seen_at=now)
    in_passing(runtime.session, seen)


@requires(Permission.VIEW)
def every(runtime: Runtime, operator: Operator) -> Sequence[LoginSession]:
    """Return the living sessions of an operator, the last used first."""
    require_own(runtime, operator)
    return _living(runtime, operator)


def _living(runtime: Runtime, operator: Operator) -> Sequence[LoginSession]:
    mine = (LoginSession.operator_id == operator.id) & _lives(runtime.clock.system())
    newest = (LoginSession.seen_at.desc(), LoginSession.id.desc())
    return runtime.session.scalars(select(LoginSession).where(mine).order_by(*newest)).all()


@requires(Permission.VIEW)
def end(runtime: Runtime, operator: Operator, session_id: int) -> None:
    """End one session of an operator; raise `NotFound` for another's, or one that is over."""
    found = next((one for one in every(runtime, operator) if one.id == session_id), None)
    if found is None:
        raise NotFound(_("This session has ended already."))
    found.ended_at = runtime.clock.system()
    runtime.record("operator.end_session", operator, agent=found.agent, address=found.address)
    runtime.session.commit()


@requires(Permission.VIEW)
def end_others(runtime: Runtime, operator: Operator, *, keep: int | None) -> int:
    """End every session of an operator but the one with the id `keep`; return how many ended."""
    require_own(runtime, operator)
    ended = end_all(runtime, operator, keep=keep)
    runtime.record("operator.end_sessions", operator, ended=ended)
    runtime.session.commit()
    return ended


def end_all(runtime: Runtime, operator: Operator, *, keep: int | None = None) -> int:
    """End the sessions of an operator within the caller's transaction; return how many ended."""
    now = runtime.clock.system()
    living = [one for one in _living(runtime, operator) if one.id != keep]
    for one in living:
        one.ended_at = now
    return len(living)


@requires(Permission.VIEW)
def log_out(runtime: Runtime, session: LoginSession) -> None:
    """End the session of whoever asks."""
    session.ended_at = runtime.clock.system()
    runtime.record("operator.log_out", session.operator, address=session.address)
    runtime.session.commit()


def _lives(now: datetime) -> ColumnElement[bool]:
    quiet = or_(LoginSession.stays, LoginSession.seen_at > now - IDLE)
    return and_(LoginSession.ended_at.is_(None), LoginSession.ends_at > now, quiet)


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
