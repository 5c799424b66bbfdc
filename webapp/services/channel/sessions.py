"""Renews the session of an account before it ends: a row before each try, one worker at a time.

A network that hands out new tokens forgets the old ones, so two workers must not ask at once, and
what a lost answer held is lost. A token that is used up by its use is never sent again then: older
keys are traded for a new session where the account has some, else somebody has to sign in again.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from channels import ChannelError, ErrorKind, Session
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.kernel.time.expiry import lately
from webapp.services.channel import (
    contract_guard,
    session_ledger,
    session_store,
    state,
    tokens,
)
from webapp.services.channel.context import ServiceContext, context_of
from webapp.services.channel.renewal import Changed, Renewal, as_stored
from webapp.services.models import RefreshOutcome, Service, SessionStep

log = logging.getLogger(__name__)

# After a try that brought nothing the next one waits.
AGAIN_AFTER = timedelta(minutes=1)
# A network that refuses new tokens at once will not like newer ones better.
FRESH = timedelta(minutes=15)
# How long another worker's try is waited for, and how often it is looked at, in seconds.
WAITS, LOOKS = 15.0, 0.2
BAD_TOKEN, LOST = "bad_token", "session_lost"


def renewed(
    runtime: Runtime,
    service: Service,
    context: ServiceContext,
    *,
    forced: bool = False,
    changed: Changed = as_stored,
) -> ServiceContext:
    """Return a context with a session that lasts: this one, or another with new tokens.

    Raise a `ChannelError` where the session ended and could not be renewed: of the kind `SENDER`
    where the network refused to, else a temporary one, since the call was never made.
    """
    channel = runtime.registry.get(service.kind)
    if channel.sessions is None:
        return context
    renewal = Renewal(
        runtime=runtime,
        service=service,
        channel=channel,
        part=channel.sessions,
        forced=forced,
        changed=changed,
    )
    if renewal.is_good(context):
        return context
    runtime.session.commit()
    current = _refreshed(renewal, context)
    current.since = context.since
    return current


def _refreshed(renewal: Renewal, context: ServiceContext) -> ServiceContext:
    """Refresh, or trade where the token of a refresh may be used up; return what is new."""
    _end_dead(renewal)
    token = renewal.token(context)
    if token and session_ledger.was_sent(renewal.runtime, renewal.service, token):
        return _instead(renewal, token)
    try:
        return _step(renewal, SessionStep.REFRESH, token)
    except ChannelError as fault:
        if fault.kind is not ErrorKind.SENDER or not renewal.can_trade(renewal.now()):
            raise
    # The network said clearly that it makes nothing of this token, so nothing is under way.
    return _step(renewal, SessionStep.TRADE)


def _instead(renewal: Renewal, token: str) -> ServiceContext:
    """Go on without a token that was sent: by what came in its place, or by older keys."""
    current = renewal.now()
    if renewal.token(current) != token:
        # Another worker was done after this one had read the tokens.
        return _as_it_is(renewal, current)
    if renewal.can_trade(current):
        return _step(renewal, SessionStep.TRADE)
    return _lost(renewal, current)


def _as_it_is(renewal: Renewal, current: ServiceContext) -> ServiceContext:
    """Return what another left; raise where no call can be made with it."""
    if not renewal.is_valid(current):
        raise not_yet(renewal.runtime, renewal.service)
    return current


def _step(renewal: Renewal, step: SessionStep, token: str = "") -> ServiceContext:
    """Make one call, if it is this worker's to make; else wait for whoever makes it."""
    runtime = renewal.runtime
    number = _begin(renewal, step, token)
    if number is None:
        _await(renewal)
        return _as_it_is(renewal, renewal.now())
    current = renewal.now()
    changed = step is SessionStep.REFRESH and renewal.token(current) != token
    if changed or (not renewal.forced and renewal.is_good(current)):
        # Another worker was done between the first look and the row of this one.
        session_ledger.drop(runtime, number)
        return _as_it_is(renewal, current)
    if step is SessionStep.TRADE:
        return _called(renewal, number, current, lambda: tokens.trade(renewal.channel, current))
    return _called(renewal, number, current, lambda: renewal.part.refresh(current))


def _begin(renewal: Renewal, step: SessionStep, token: str) -> int | None:
    """Write the row of a try and commit it; nothing while another worker tries, or just did."""
    runtime, service = renewal.runtime, renewal.service
    last = session_ledger.last(runtime, service)
    if (
        last is not None
        and last.outcome in (RefreshOutcome.UNKNOWN, RefreshOutcome.NOT_MADE)
        and lately(last.ended_at or last.started_at, runtime.now(), AGAIN_AFTER)
    ):
        runtime.session.commit()
        return None
    number = session_ledger.open_row(runtime, service, step, token=token)
    runtime.session.commit()
    return number


def _end_dead(renewal: Renewal) -> None:
    """End the try of a worker that died, and doubt what it left."""
    runtime, service = renewal.runtime, renewal.service
    if session_ledger.end_dead(runtime, service):
        session_store.doubt(runtime, service, runtime.now())


def _await(renewal: Renewal) -> None:
    """Wait for the try of another worker; not for ever, since a session may last a while yet."""
    until = time.monotonic() + WAITS
    while session_ledger.is_open(renewal.runtime, renewal.service) and time.monotonic() < until:
        time.sleep(LOOKS)


def _called(
    renewal: Renewal, number: int, context: ServiceContext, call: Callable[[], Session]
) -> ServiceContext:
    """Ask for new tokens, keep them, and return a context that has them."""
    runtime = renewal.runtime
    try:
        with contract_guard.guard(context.handle, writes=True):
            session = contract_guard.expect(call(), Session)
    except ChannelError as fault:
        return _ended(renewal, number, context, fault)
    except BaseException:
        # What nobody foresaw may have come after the network made new tokens.
        runtime.session.rollback()
        session_ledger.close(runtime, number, RefreshOutcome.UNKNOWN)
        session_store.doubt(runtime, renewal.service, runtime.now())
        runtime.session.commit()
        raise
    _keep(renewal, number, context, session)
    return renewal.now()


def _ended(
    renewal: Renewal, number: int, context: ServiceContext, fault: ChannelError
) -> ServiceContext:
    """Write down a try that brought nothing, and go on with what there is, if it lasts."""
    runtime = renewal.runtime
    outcome = session_ledger.OUTCOMES[fault.kind]
    session_ledger.close(runtime, number, outcome, fault)
    current = context_of(runtime, renewal.service)
    if session_store.differ(context, current):
        # Somebody signed in, went back or disconnected the account: the fault is not of that.
        runtime.session.commit()
        return _as_it_is(renewal, current)
    _note(renewal, outcome, fault.retry_at)
    if outcome is not RefreshOutcome.REFUSED:
        return _as_it_is(renewal, current)
    if fault.kind is ErrorKind.SENDER:
        raise fault
    # Whatever a network calls it: it refuses the account, and nobody whom a message is for.
    raise ChannelError(
        fault.message, kind=ErrorKind.SENDER, code=fault.code, said=fault.said
    ) from fault


def _note(renewal: Renewal, outcome: RefreshOutcome, retry_at: datetime | None) -> None:
    """Say when a session is looked after next; of a lost answer its tokens are in doubt."""
    runtime, service = renewal.runtime, renewal.service
    again_at = retry_at or runtime.now() + AGAIN_AFTER
    if outcome is RefreshOutcome.UNKNOWN:
        session_store.doubt(runtime, service, again_at)
    elif outcome is RefreshOutcome.NOT_MADE:
        session_store.renew_at(runtime, service, max(again_at, runtime.now() + FRESH))
    else:
        session_store.renew_at(runtime, service, None)
    runtime.session.commit()


def _keep(renewal: Renewal, number: int, context: ServiceContext, session: Session) -> None:
    """Keep new tokens where the old ones are what they were; others are newer, and stay."""
    runtime, service = renewal.runtime, renewal.service
    old = {name: context.secret(name) for name in session.secrets}
    values = session_store.values_of(session)
    new = {name: item for name, item in values.items() if item.secret}
    if state.swap_all(runtime, service.id, old, new):
        plain = {name: item for name, item in values.items() if not item.secret}
        state.write(runtime, service.id, plain)
        session_store.settle(runtime, service)
    else:
        log.warning("Somebody entered other keys for %s meanwhile.", context.handle)
    row = session_ledger.close(runtime, number, RefreshOutcome.REFRESHED)
    row.expires_at = session.expires_at
    runtime.session.commit()


def note_refusal(
    runtime: Runtime, service: Service, context: ServiceContext, fault: ChannelError
) -> None:
    """Doubt a session whose token a call was refused for: it was taken back, or is another's.

    Tokens that are new are not doubted, or an account that is closed would be renewed for ever.
    Raise a temporary error where the call was made with tokens that were replaced meanwhile: a
    network may end them at once. The caller commits.
    """
    if fault.code != BAD_TOKEN or runtime.registry.get(service.kind).sessions is None:
        return
    current = context_of(runtime, service)
    if session_store.differ(context, current):
        raise not_yet(runtime, service) from fault
    if not session_store.names_of(current):
        return
    last = session_ledger.last(runtime, service)
    if last is None or not lately(last.ended_at or last.started_at, runtime.now(), FRESH):
        session_store.doubt(runtime, service, runtime.now())


def _lost(renewal: Renewal, context: ServiceContext) -> ServiceContext:
    """Go on with a session of which nobody knows the next tokens, as long as it lasts."""
    runtime, service = renewal.runtime, renewal.service
    if renewal.is_valid(context):
        ends = renewal.ends(context)
        session_store.renew_at(runtime, service, ends)
        runtime.session.commit()
        return context
    session_store.renew_at(runtime, service, None)
    last = session_ledger.last(runtime, service)
    sentence, code = Notice(LOST, name=service.shown_name), LOST
    if last is not None and last.outcome is RefreshOutcome.REFUSED:
        sentence, code = last.said, last.code
    runtime.session.commit()
    raise ChannelError(sentence, kind=ErrorKind.SENDER, code=code)


def not_yet(runtime: Runtime, service: Service) -> ChannelError:
    """Return the error of a call that came to nothing, since the session of its account ended."""
    return ChannelError(
        Notice("session_ended", name=service.shown_name),
        kind=ErrorKind.TEMPORARY,
        code="session_ended",
        retry_at=runtime.now() + AGAIN_AFTER,
        never_sent=True,
    )
