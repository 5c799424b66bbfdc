"""The ledger of sessions: a row before each call that makes tokens, and what came of it after.

The database itself lets one worker in at a time, and takes no refresh token a second time once
somebody sent it: both are unique indexes, so that no process has to be trusted with it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from channels import ChannelError, ErrorKind
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.time.expiry import expired
from webapp.services.models import RefreshOutcome, Service, SessionRefresh, SessionStep

# A call takes a minute at most; a worker that is silent for longer has died.
LEASE = timedelta(seconds=90)
# The network does not know the app that asks, so it never looked at the token: that is of use yet.
NO_APP = "no_app"
# What each kind of fault means for the session.
OUTCOMES: Mapping[ErrorKind, RefreshOutcome] = {
    ErrorKind.SENDER: RefreshOutcome.REFUSED,
    ErrorKind.PERMANENT: RefreshOutcome.REFUSED,
    ErrorKind.UNKNOWN: RefreshOutcome.UNKNOWN,
    ErrorKind.TEMPORARY: RefreshOutcome.NOT_MADE,
    ErrorKind.LIMITED: RefreshOutcome.NOT_MADE,
}


def mark_of(token: str) -> str:
    """Return a mark of a token that is used up by its use; it does not tell the token."""
    return hashlib.sha256(token.encode()).hexdigest()[:32] if token else ""


def open_row(
    runtime: Runtime, service: Service, step: SessionStep, *, token: str = "", by: str = ""
) -> int | None:
    """Write the row of a call to come; nothing where somebody else is at it, or sent this token.

    The caller commits before the call.
    """
    row = insert_into(runtime.session, SessionRefresh).values(
        service_id=service.id,
        step=step,
        token_mark=mark_of(token),
        began_by=by or runtime.actor.name,
        started_at=runtime.now(),
        leased_until=runtime.clock.system() + LEASE,
    )
    # The indexes of what is open, and of tokens that were sent, let one of several in.
    found = runtime.session.execute(row.on_conflict_do_nothing().returning(SessionRefresh.id))
    number: int | None = found.scalar()
    return number


def note(
    runtime: Runtime, service: Service, step: SessionStep, *, expires_at: datetime | None = None
) -> None:
    """Write a row of something that asked nobody, or was asked already; the caller commits."""
    runtime.session.add(
        SessionRefresh(
            service_id=service.id,
            step=step,
            began_by=runtime.actor.name,
            started_at=runtime.now(),
            leased_until=runtime.clock.system(),
            ended_at=runtime.now(),
            outcome=RefreshOutcome.REFRESHED,
            expires_at=expires_at,
        )
    )


def was_sent(runtime: Runtime, service: Service, token: str) -> bool:
    """Tell whether a refresh token was sent, so that it may be used up by now.

    Of a call under way that is not said: whoever makes it is waited for.
    """
    sent = select(SessionRefresh.id).where(
        SessionRefresh.service_id == service.id,
        SessionRefresh.token_mark == mark_of(token),
        SessionRefresh.outcome != RefreshOutcome.NOT_MADE,
    )
    return bool(token) and runtime.session.scalar(sent.limit(1)) is not None


def end_dead(runtime: Runtime, service: Service) -> bool:
    """End the call of a worker that died: nobody knows what became of it; tell if there was one."""
    over = expired(SessionRefresh.leased_until, runtime.clock.system(), LEASE)
    ended = runtime.session.execute(
        update(SessionRefresh)
        .where(SessionRefresh.service_id == service.id, SessionRefresh.outcome.is_(None), over)
        # A further call is what settles it, so it need not wait.
        .values(outcome=RefreshOutcome.UNKNOWN, ended_at=SessionRefresh.started_at)
        .returning(SessionRefresh.id)
        .execution_options(synchronize_session=False)
    )
    return ended.first() is not None


def last(runtime: Runtime, service: Service) -> SessionRefresh | None:
    """Return the last row of an account."""
    return runtime.session.scalar(
        select(SessionRefresh)
        .where(SessionRefresh.service_id == service.id)
        .order_by(SessionRefresh.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def is_open(runtime: Runtime, service: Service) -> bool:
    """Tell whether somebody is at it just now, and keep no transaction open over that."""
    query = select(SessionRefresh.id).where(
        SessionRefresh.service_id == service.id, SessionRefresh.outcome.is_(None)
    )
    found = runtime.session.scalar(query) is not None
    runtime.session.commit()
    return found


def drop(runtime: Runtime, number: int) -> None:
    """Take back the row of a call that was not made, since another worker was quicker; commits."""
    runtime.session.execute(delete(SessionRefresh).where(SessionRefresh.id == number))
    runtime.session.commit()


def close(
    runtime: Runtime, number: int, outcome: RefreshOutcome, fault: ChannelError | None = None
) -> SessionRefresh:
    """Write what came of a call; the caller commits."""
    row = runtime.session.get_one(SessionRefresh, number)
    row.outcome, row.ended_at = outcome, runtime.now()
    if fault is not None and fault.code == NO_APP:
        row.token_mark = ""
    if fault is not None:
        row.code, row.said = fault.code, notices.of(fault.said or fault.message)
    return row


def rows(
    runtime: Runtime, services: Sequence[int], *, before: int | None = None, most: int
) -> Sequence[SessionRefresh]:
    """Return the newest rows of some accounts, or those before one."""
    query = select(SessionRefresh).where(SessionRefresh.service_id.in_(services))
    if before is not None:
        query = query.where(SessionRefresh.id < before)
    return runtime.session.scalars(query.order_by(SessionRefresh.id.desc()).limit(most)).all()
