"""What people answer by what they write, and what their networks tell; the caller commits."""

from datetime import datetime

from channels.outcomes import CLOCKS_APART
from webapp.audience.consents import ledger
from webapp.audience.consents.ledger import Said
from webapp.audience.models import Answer, ConsentSource, ReceivedMessage, Subscription
from webapp.kernel.runtime import Runtime


def first_word(runtime: Runtime, tie: Subscription, note: ReceivedMessage) -> None:
    """Take note that somebody wrote first, as far as is known.

    An inbox is read backwards, so one that was taken for the first may turn out to be a later one.
    """
    known = tie.wrote_first_at
    if known is None or note.received_at < known:
        ledger.append(runtime, tie, ledger.of_message(note, Answer.WROTE_FIRST))


def hear_opt_in(runtime: Runtime, tie: Subscription, note: ReceivedMessage) -> None:
    """Take note that somebody agreed to messages in their own words."""
    before = tie.opted_in_at
    ledger.append(runtime, tie, ledger.of_message(note, Answer.OPT_IN))
    if before is None or before < note.received_at:
        runtime.record("subscription.hear_opt_in", tie, proof=note.text)


def hear_stop(
    runtime: Runtime, tie: Subscription, note: ReceivedMessage, replaces_id: int | None = None
) -> None:
    """Take note that somebody wrote STOP."""
    before = tie.opted_out_at
    _end(runtime, tie, ledger.of_message(note, Answer.OPT_OUT, replaces_id))
    if before is None or before < note.received_at:
        runtime.record("subscription.hear_stop", tie)


def hear_doubt(
    runtime: Runtime, tie: Subscription, note: ReceivedMessage, replaces_id: int | None = None
) -> None:
    """Hold somebody whose words look like a refusal, until it is decided."""
    before = tie.doubted_at
    _end(runtime, tie, ledger.of_message(note, Answer.DOUBT, replaces_id))
    if tie.doubted_at is not None and tie.doubted_at != before:
        runtime.record("subscription.hear_doubt", tie, said=note.text)


def hear_end(runtime: Runtime, tie: Subscription, at: datetime, why: str) -> None:
    """End what somebody agreed to, since the network told so.

    `why` is `complained` or `bounced`. A later agreement gives it back, as after a STOP.
    """
    before = tie.opted_out_at
    _end(
        runtime,
        tie,
        Said(answer=Answer.OPT_OUT, source=ConsentSource.NETWORK, at=at, reference=why),
    )
    if before is None or before < at:
        runtime.record("subscription.end", tie, why=why)


def _end(runtime: Runtime, tie: Subscription, said: Said) -> None:
    """Write a refusal down, once no agreement that is still to come hides it."""
    let_hold(runtime, tie, said.at)
    ledger.append(runtime, tie, said)


def let_hold(runtime: Runtime, tie: Subscription, at: datetime) -> None:
    """Let a refusal of a moment hold against an agreement that is still to come; do this first.

    Such a one was written before the machine's clock was set back, and would hide every refusal
    until then: it is dated by the refusal, which then holds. The caller commits.
    """
    latest = max(at, runtime.now() + CLOCKS_APART)
    if tie.opted_in_at is not None and tie.opted_in_at > latest:
        for row in ledger.held(runtime, tie):
            if row.answer is Answer.OPT_IN and row.at > latest:
                ledger.append(runtime, tie, ledger.dated_again(runtime, row.id, at))
