"""Renews the session of an account before it ends: a row before each try, one worker at a time.

A network that hands out new tokens forgets the old ones, so two workers must not ask at once, and
what a lost answer held is lost. A token that is used up by its use is never sent again then: older
keys are traded for a new session where the account has some, else somebody has to sign in again.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from channels import Channel, ChannelError, ErrorKind, Session
from channels.further_parts import Sessions
from channels.validation import violation
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.kernel.time.expiry import lately
from webapp.services.channel import (
    contract_guard,
    declared,
    session_ledger,
    session_store,
    state,
    tokens,
)
from webapp.services.channel.context import ServiceContext, context_of
from webapp.services.models import RefreshOutcome, Service, SessionRefresh, SessionStep

log = logging.getLogger(__name__)

# A session that ends within this time is renewed before the next call.
AHEAD = timedelta(minutes=2)
# After a try that brought nothing the next one waits.
AGAIN_AFTER = timedelta(minutes=1)
# A network that refuses new tokens at once will not like newer ones better.
FRESH = timedelta(minutes=15)
# How long another worker's try is waited for, and how often it is looked at, in seconds.
WAITS, LOOKS = 15.0, 0.2
BAD_TOKEN, LOST = "bad_token", "session_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """One look at the session of an account, and what can be done about it."""

    runtime: Runtime
    service: Service
    channel: Channel
    part: Sessions
    # Whether it is renewed although it lasts, so that it does not lapse.
    forced: bool = False

    def ends(self, context: ServiceContext) -> datetime | None:
        """Return when the tokens of a context end."""
        kinds = (datetime, type(None))
        ends = contract_guard.ask(context.handle, kinds, self.part.expires_at, context)
        if ends is not None and ends.utcoffset() is None:
            raise contract_guard.plugin_failed(
                violation("expires_at", ends, "an aware time in UTC")
            )
        return ends

    def is_good(self, context: ServiceContext) -> bool:
        """Tell whether a session needs nothing; one that tells no end has none."""
        if session_store.in_doubt(context) or self.forced:
            return False
        ends = self.ends(context)
        return ends is None or ends - self.runtime.now() > AHEAD

    def is_valid(self, context: ServiceContext) -> bool:
        """Tell whether calls can be made yet."""
        ends = self.ends(context)
        return ends is None or ends > self.runtime.now()

    def token(self, context: ServiceContext) -> str:
        """Return the token that a refresh uses up; empty where it may be sent again."""
        return contract_guard.ask(context.handle, (str,), self.part.uses_up, context)

    def can_trade(self, context: ServiceContext) -> bool:
        """Tell whether the account has older keys that are worth a session."""
        if not session_store.names_of(context):
            return False
        return declared.has_older_keys(self.channel, context)

    def now(self) -> ServiceContext:
        """Return the context as it is now, with no transaction open."""
        context = context_of(self.runtime, self.service)
        self.runtime.session.commit()
        return context


def renewed(
    runtime: Runtime, service: Service, context: ServiceContext, *, forced: bool = False
) -> ServiceContext:
    """Return a context with a session that lasts: this one, or another with new tokens.

    Raise a `ChannelError` where the session ended and could not be renewed: of the kind `SENDER`
    where the network refused to, else a temporary one, since the call was never made.
    """
    channel = runtime.registry.get(service.kind)
    if channel.sessions is None:
        return context
    renewal = Renewal(
        runtime=runtime, service=service, channel=channel, part=channel.sessions, forced=forced
    )
    if renewal.is_good(context):
        return context
    runtime.session.commit()
    current = _refreshed(renewal, context)
    current.since = context.since
    return current


def _refreshed(renewal: Renewal, context: ServiceContext) -> ServiceContext:
    """Refresh, or trade where the token of a refresh may be used up; return what is new."""
    runtime, service = renewal.runtime, renewal.service
    _end_dead(renewal)
    token = renewal.token(context)
    if token and session_ledger.was_sent(runtime, service, token):
        if not renewal.can_trade(context):
            runtime.session.commit()
            return _lost(renewal, context)
        return _step(renewal, SessionStep.TRADE)
    try:
        return _step(renewal, SessionStep.REFRESH, token)
    except ChannelError as fault:
        if fault.kind is not ErrorKind.SENDER or not renewal.can_trade(renewal.now()):
            raise
    # The network said clearly that it makes nothing of this token, so nothing is under way.
    return _step(renewal, SessionStep.TRADE)


def _step(renewal: Renewal, step: SessionStep, token: str = "") -> ServiceContext:
    """Make one call, if it is this worker's to make; else wait for whoever makes it."""
    runtime = renewal.runtime
    number = _begin(renewal, step, token)
    if number is None:
        _await(renewal)
        current = renewal.now()
        if not renewal.is_valid(current):
            raise _not_yet(renewal)
        return current
    current = renewal.now()
    changed = step is SessionStep.REFRESH and renewal.token(current) != token
    if changed or (not renewal.forced and renewal.is_good(current)):
        # Another worker was done between the first look and the row of this one.
        runtime.session.execute(delete(SessionRefresh).where(SessionRefresh.id == number))
        runtime.session.commit()
        if not renewal.is_valid(current):
            raise _not_yet(renewal)
        return current
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
        _ended(renewal, number, fault)
        if session_ledger.OUTCOMES[fault.kind] is RefreshOutcome.REFUSED:
            raise
        if not renewal.is_valid(context):
            raise _not_yet(renewal) from fault
        return context
    except BaseException:
        # What nobody foresaw may have come after the network made new tokens.
        runtime.session.rollback()
        session_ledger.close(runtime, number, RefreshOutcome.UNKNOWN)
        session_store.doubt(runtime, renewal.service, runtime.now())
        runtime.session.commit()
        raise
    _keep(renewal, number, context, session)
    return renewal.now()


def _ended(renewal: Renewal, number: int, fault: ChannelError) -> None:
    """Write down a try that brought nothing; of a lost answer the tokens are in doubt."""
    runtime, service = renewal.runtime, renewal.service
    outcome = session_ledger.OUTCOMES[fault.kind]
    again_at = fault.retry_at or runtime.now() + AGAIN_AFTER
    if outcome is RefreshOutcome.UNKNOWN:
        session_store.doubt(runtime, service, again_at)
    elif outcome is RefreshOutcome.NOT_MADE:
        session_store.renew_at(runtime, service, max(again_at, runtime.now() + FRESH))
    else:
        session_store.renew_at(runtime, service, None)
    session_ledger.close(runtime, number, outcome, fault)
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


def note_refusal(runtime: Runtime, service: Service, fault: ChannelError) -> None:
    """Doubt a session whose token a call was refused for: it was taken back, or is another's.

    Tokens that are new are not doubted, or an account that is closed would be renewed for ever.
    The caller commits.
    """
    if fault.code != BAD_TOKEN or runtime.registry.get(service.kind).sessions is None:
        return
    if not session_store.names_of(context_of(runtime, service)):
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


def _not_yet(renewal: Renewal) -> ChannelError:
    """Return the error of a call that was not made, since the session of its account ended."""
    return ChannelError(
        Notice("session_ended", name=renewal.service.shown_name),
        kind=ErrorKind.TEMPORARY,
        code="session_ended",
        retry_at=renewal.runtime.now() + AGAIN_AFTER,
        never_sent=True,
    )
