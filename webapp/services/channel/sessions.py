"""Renews the session of an account before it ends: a row before each try, one worker at a time.

A network that hands out new tokens forgets the old ones, so two workers must not ask at once, and
what a lost answer held is lost. A try without a clear answer is a state of its own: the account
stays connected until a further try is refused.
"""

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from channels import ChannelError, ErrorKind, Session
from channels.further_parts import Sessions
from channels.validation import violation
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.kernel.time.expiry import expired, lately
from webapp.services.channel import contract_guard, state
from webapp.services.channel.context import ServiceContext, context_of
from webapp.services.channel.state import Remembered
from webapp.services.models import RefreshOutcome, Service, SessionRefresh

log = logging.getLogger(__name__)

# A session that ends within this time is renewed before the next call.
AHEAD = timedelta(minutes=2)
# A call takes a minute at most; a worker that is silent for longer has died.
LEASE = timedelta(seconds=90)
# After a try that brought nothing the next one waits.
AGAIN_AFTER = timedelta(minutes=1)
# How long another worker's try is waited for, and how often it is looked at, in seconds.
WAITS, LOOKS = 15.0, 0.2
# What each kind of fault means for the session.
OUTCOMES: Mapping[ErrorKind, RefreshOutcome] = {
    ErrorKind.SENDER: RefreshOutcome.REFUSED,
    ErrorKind.PERMANENT: RefreshOutcome.REFUSED,
    ErrorKind.UNKNOWN: RefreshOutcome.UNKNOWN,
    ErrorKind.TEMPORARY: RefreshOutcome.NOT_MADE,
    ErrorKind.LIMITED: RefreshOutcome.NOT_MADE,
}


def renewed(runtime: Runtime, service: Service, context: ServiceContext) -> ServiceContext:
    """Return a context with a session that lasts: this one, or another with new tokens.

    Raise a `ChannelError` where the session ended and could not be renewed: of the kind `SENDER`
    where the network refused to, else a temporary one, since the call was never made.
    """
    part = runtime.registry.get(service.kind).sessions
    if part is None or _lasts(runtime, part, context):
        return context
    runtime.session.commit()
    number = _begin(runtime, service)
    if number is None:
        _await(runtime, service)
    current = context_of(runtime, service)
    current.since = context.since
    runtime.session.commit()
    if number is None:
        if not _is_valid(runtime, part, current):
            raise _not_yet(runtime, service)
        return current
    if _lasts(runtime, part, current):
        # Another worker was done between the first look and the row of this one.
        runtime.session.execute(delete(SessionRefresh).where(SessionRefresh.id == number))
        runtime.session.commit()
        return current
    return _refreshed(runtime, service, part, number, current)


def _ends(part: Sessions, context: ServiceContext) -> datetime | None:
    ends = contract_guard.ask(context.handle, (datetime, type(None)), part.expires_at, context)
    if ends is not None and ends.utcoffset() is None:
        raise contract_guard.plugin_failed(violation("expires_at", ends, "an aware time in UTC"))
    return ends


def _lasts(runtime: Runtime, part: Sessions, context: ServiceContext) -> bool:
    """Tell whether a session is not near its end; one that tells no end has none."""
    ends = _ends(part, context)
    return ends is None or ends - runtime.now() > AHEAD


def _is_valid(runtime: Runtime, part: Sessions, context: ServiceContext) -> bool:
    ends = _ends(part, context)
    return ends is None or ends > runtime.now()


def _begin(runtime: Runtime, service: Service) -> int | None:
    """Write the row of a try and commit it; nothing while another worker tries, or just did."""
    _end_dead(runtime, service)
    last = _last(runtime, service)
    if (
        last is not None
        and last.outcome in (RefreshOutcome.UNKNOWN, RefreshOutcome.NOT_MADE)
        and lately(last.ended_at or last.started_at, runtime.now(), AGAIN_AFTER)
    ):
        runtime.session.commit()
        return None
    row = insert_into(runtime.session, SessionRefresh).values(
        service_id=service.id,
        began_by=runtime.actor.name,
        started_at=runtime.now(),
        leased_until=runtime.clock.system() + LEASE,
    )
    # The index of what is open lets one of several in.
    found = runtime.session.execute(row.on_conflict_do_nothing().returning(SessionRefresh.id))
    number: int | None = found.scalar()
    runtime.session.commit()
    return number


def _end_dead(runtime: Runtime, service: Service) -> None:
    """End the try of a worker that died: nobody knows what became of it."""
    over = expired(SessionRefresh.leased_until, runtime.clock.system(), LEASE)
    runtime.session.execute(
        update(SessionRefresh)
        .where(SessionRefresh.service_id == service.id, SessionRefresh.outcome.is_(None), over)
        # A further try is what settles it, so it need not wait.
        .values(outcome=RefreshOutcome.UNKNOWN, ended_at=SessionRefresh.started_at)
        .execution_options(synchronize_session=False)
    )


def _last(runtime: Runtime, service: Service) -> SessionRefresh | None:
    return runtime.session.scalar(
        select(SessionRefresh)
        .where(SessionRefresh.service_id == service.id)
        .order_by(SessionRefresh.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _await(runtime: Runtime, service: Service) -> None:
    """Wait for the try of another worker; not for ever, since a session may last a while yet."""
    until = time.monotonic() + WAITS
    while _is_open(runtime, service) and time.monotonic() < until:
        time.sleep(LOOKS)


def _is_open(runtime: Runtime, service: Service) -> bool:
    """Tell whether somebody tries just now, and keep no transaction open over that."""
    query = select(SessionRefresh.id).where(
        SessionRefresh.service_id == service.id, SessionRefresh.outcome.is_(None)
    )
    found = runtime.session.scalar(query) is not None
    runtime.session.commit()
    return found


def _refreshed(
    runtime: Runtime, service: Service, part: Sessions, number: int, context: ServiceContext
) -> ServiceContext:
    """Ask for new tokens, keep them, and return a context that has them."""
    try:
        with contract_guard.guard(context.handle, writes=True):
            session = contract_guard.expect(part.refresh(context), Session)
    except ChannelError as fault:
        outcome = OUTCOMES[fault.kind]
        _close(runtime, number, outcome, fault)
        if outcome is RefreshOutcome.REFUSED:
            raise
        if not _is_valid(runtime, part, context):
            raise _not_yet(runtime, service) from fault
        return context
    except BaseException:
        # What nobody foresaw may have come after the network made new tokens.
        runtime.session.rollback()
        _close(runtime, number, RefreshOutcome.UNKNOWN)
        raise
    _keep(runtime, service, number, context, session)
    current = context_of(runtime, service)
    current.since = context.since
    runtime.session.commit()
    return current


def _keep(
    runtime: Runtime, service: Service, number: int, context: ServiceContext, session: Session
) -> None:
    """Keep new tokens where the old ones are what they were; others are newer, and stay."""
    old = {name: context.secret(name) for name in session.secrets}
    new = {name: Remembered(text, secret=True) for name, text in session.secrets.items()}
    if state.swap_all(runtime, service.id, old, new):
        plain = {name: Remembered(text) for name, text in session.state.items()}
        state.write(runtime, service.id, plain)
    else:
        log.warning("Somebody entered other keys for %s meanwhile.", context.handle)
    _close(runtime, number, RefreshOutcome.REFRESHED, expires_at=session.expires_at)


def _close(
    runtime: Runtime,
    number: int,
    outcome: RefreshOutcome,
    fault: ChannelError | None = None,
    *,
    expires_at: datetime | None = None,
) -> None:
    """Write what came of a try; commits."""
    row = runtime.session.get_one(SessionRefresh, number)
    row.outcome, row.ended_at, row.expires_at = outcome, runtime.now(), expires_at
    if fault is not None:
        row.code, row.said = fault.code, notices.of(fault.said or fault.message)
    runtime.session.commit()


def _not_yet(runtime: Runtime, service: Service) -> ChannelError:
    """Return the error of a call that was not made, since the session of its account ended."""
    return ChannelError(
        Notice("session_ended", name=service.shown_name),
        kind=ErrorKind.TEMPORARY,
        code="session_ended",
        retry_at=runtime.now() + AGAIN_AFTER,
        never_sent=True,
    )
