"""Outcomes: what a result means for the message, the person, the delivery and the service."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from channels import ChannelError, ErrorKind, NotSent, Sent
from webapp.audience import quarantine
from webapp.audience.models import Subscription
from webapp.deliveries import reasons
from webapp.deliveries.in_hand import InHand, Try
from webapp.deliveries.models import (
    MOVING,
    Attempt,
    AttemptOutcome,
    Delivery,
    DeliveryState,
    Held,
    Message,
    MessageState,
)
from webapp.deliveries.reasons import NETWORKS_OWN, PERSONAL
from webapp.deliveries.sending import accepted, backoff, moves, turns_back, uploaded
from webapp.deliveries.sending.call import Call
from webapp.kernel import leases
from webapp.kernel.db.changes import updated
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.kernel.time.days import day_of
from webapp.services.connection import doctor
from webapp.services.limits import observed
from webapp.services.limits.windows import zone_of
from webapp.services.models import Service

SOFT_FAILURES = 5
# A network that says so knows the pictures of a message no more: they are uploaded anew.
MEDIA_GONE = "media_gone"


def record(runtime: Runtime, call: Call, result: Any) -> None:
    """Write the outcome of a call, with its cost, in one transaction.

    What the network names may be another message's already. Then nobody knows what became of this
    one, and the network is asked.
    """
    try:
        _write(runtime, call, result)
    except IntegrityError:
        runtime.session.rollback()
        fault = ChannelError(reasons.notice("no_answer"), kind=ErrorKind.UNKNOWN, code="no_answer")
        _write(runtime, call, fault)


def _write(runtime: Runtime, call: Call, result: Any) -> None:
    if isinstance(result, Sent):
        if not accepted.write_as_expected(runtime, call, result):
            accepted.write(runtime, call, result)
    elif _counts(runtime, call.attempt):
        if isinstance(result, NotSent):
            _never_made(runtime, call.message, call.attempt)
        else:
            _failed(runtime, call, result)
        turns_back.after(runtime, call, result)
    else:
        # Whoever settled it meanwhile sends the parts behind by turns of its own.
        turns_back.of_the_rest(runtime, call)
    runtime.session.commit()


def _counts(runtime: Runtime, attempt: Try) -> bool:
    """Lock the message of an attempt and tell whether a failure still says something about it.

    While a worker was held up, its message may have been settled, and tried again by another.
    """
    state, _reason = moves.locked(runtime, attempt.message_id)
    last = (
        select(func.max(Attempt.number))
        .where(Attempt.message_id == attempt.message_id)
        .scalar_subquery()
    )
    is_open = select(Attempt.id).where(
        Attempt.id == attempt.id, Attempt.number == last, Attempt.outcome.is_(None)
    )
    return state in moves.CORRECTABLE and runtime.session.scalar(is_open) is not None


def _never_made(runtime: Runtime, message: InHand, attempt: Try) -> None:
    """Give the turn back: the worker came too late to make the call."""
    close(runtime, attempt, AttemptOutcome.NOT_SENT)
    moves.move(runtime, message, MessageState.PENDING, tries=Message.tries - 1, due_at=None)


def _service(runtime: Runtime, message: InHand) -> Service:
    return runtime.session.get_one(Service, message.service_id)


def close(runtime: Runtime, attempt: Try, outcome: AttemptOutcome, **values: Any) -> None:
    """Write what became of an attempt that the network did not accept; the caller commits."""
    runtime.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(outcome=outcome, ended_at=runtime.now(), **values)
    )


def _failed(runtime: Runtime, call: Call, fault: ChannelError) -> None:
    delivery, message, attempt = call.delivery, call.message, call.attempt
    unknown = fault.kind is ErrorKind.UNKNOWN
    outcome = AttemptOutcome.UNKNOWN if unknown else AttemptOutcome.FAILED
    close(runtime, attempt, outcome, code=fault.code, said=words(fault))
    if fault.code == MEDIA_GONE:
        uploaded.forget(runtime, message.id)
    if fault.never_sent and not unknown:
        _unreachable(runtime, delivery, message, fault)
        return
    if fault.kind is ErrorKind.LIMITED:
        _limited(runtime, call, fault)
        return
    {
        ErrorKind.PERMANENT: _permanent,
        ErrorKind.TEMPORARY: _temporary,
        ErrorKind.SENDER: _sender,
        ErrorKind.UNKNOWN: _unknown,
    }[fault.kind](runtime, delivery, message, fault)


def not_brought(runtime: Runtime, delivery: Delivery, message: InHand, fault: ChannelError) -> None:
    """Write what a failed upload means for its message, which is this worker's; the caller commits.

    Nobody sees an upload, so one of which nothing is known keeps the message waiting, no more.
    """
    if fault.never_sent:
        _unreachable(runtime, delivery, message, fault)
    elif fault.kind is ErrorKind.LIMITED:
        moves.move(runtime, message, MessageState.PENDING, tries=Message.tries - 1, due_at=None)
        until = fault.retry_at or runtime.now() + backoff.HOUR
        _put_off(runtime, delivery, until, notices.of(fault.message), Held.LIMIT)
    else:
        unknown = ChannelError(
            Notice("upload_unknown"), kind=ErrorKind.TEMPORARY, code="upload_unknown"
        )
        known = unknown if fault.kind is ErrorKind.UNKNOWN else fault
        handle = {ErrorKind.PERMANENT: _permanent, ErrorKind.SENDER: _sender}
        handle.get(known.kind, _temporary)(runtime, delivery, message, known)


def words(fault: ChannelError) -> Notice:
    """Return what the network said of a fault, or else its plugin."""
    return notices.of(fault.said or fault.message)


def _unreachable(
    runtime: Runtime, delivery: Delivery, message: InHand, fault: ChannelError
) -> None:
    """Give the turn back and let the whole delivery wait: nobody can be reached just now."""
    until = backoff.reach_again_at(runtime, message, fault)
    _put_off(runtime, delivery, until, notices.of(fault.message), Held.NETWORK)
    moves.move(runtime, message, MessageState.PENDING, tries=Message.tries - 1, due_at=None)


def _permanent(runtime: Runtime, _delivery: Delivery, message: InHand, fault: ChannelError) -> None:
    """Fail the message; quarantine the person when the refusal is about the person.

    The person comes first, as with a message that is sent: counters are the last that is written.
    """
    if fault.code in PERSONAL and message.subscription_id:
        subscription = runtime.session.get(Subscription, message.subscription_id)
        if subscription is not None:
            quarantine.isolate(runtime, subscription, fault.code)
    runtime.session.flush()
    moves.move(
        runtime,
        message,
        MessageState.FAILED,
        reason=fault.code,
        said=words(fault),
        due_at=None,
    )


def _temporary(runtime: Runtime, _delivery: Delivery, message: InHand, fault: ChannelError) -> None:
    """Try again later, less and less often; five bad days quarantine a person who caused them."""
    counts = fault.code not in NETWORKS_OWN
    moves.move(
        runtime,
        message,
        MessageState.PENDING,
        reason=fault.code,
        said=words(fault),
        due_at=backoff.again_at(runtime, message, fault),
    )
    if counts and message.subscription_id:
        subscription = runtime.session.get(Subscription, message.subscription_id)
        if subscription is not None:
            zone = zone_of(runtime, _service(runtime, message))
            _count_soft(runtime, subscription, fault, zone)


def _count_soft(
    runtime: Runtime, subscription: Subscription, fault: ChannelError, zone: ZoneInfo
) -> None:
    """Count a failure once on each day of the account."""
    now, last = runtime.now(), subscription.last_soft_failure_at
    if last is None or day_of(last, zone) != day_of(now, zone):
        subscription.soft_failures += 1
    subscription.last_soft_failure_at = now
    if subscription.soft_failures >= SOFT_FAILURES:
        quarantine.isolate(runtime, subscription, fault.code)


def _limited(runtime: Runtime, call: Call, fault: ChannelError) -> None:
    """Give the turn back and wait: a spent limit says nothing about the person.

    What was held for the parts behind goes back first, or it would open the window that is closed.
    """
    delivery, message = call.delivery, call.message
    moves.move(runtime, message, MessageState.PENDING, tries=Message.tries - 1, due_at=None)
    runtime.session.commit()
    turns_back.of_the_rest(runtime, call)
    until = observed.stop_until(
        runtime, _service(runtime, message), delivery.kind.operation, fault.retry_at
    )
    wait(runtime, delivery, until, notices.of(fault.message), Held.LIMIT)


def _sender(runtime: Runtime, delivery: Delivery, message: InHand, fault: ChannelError) -> None:
    """Hold the delivery and say what is wrong with the account."""
    why = notices.of(fault.message)
    doctor.needs_fixing(runtime, _service(runtime, message), why)
    suspend(runtime, delivery, why, Held.ACCOUNT)
    moves.move(runtime, message, MessageState.PENDING, tries=Message.tries - 1, due_at=None)


def suspend(runtime: Runtime, delivery: Delivery, why: Notice, code: Held) -> None:
    """Pause a delivery that is on its way, with its reason; the caller commits."""
    held = updated(
        runtime.session,
        update(Delivery)
        .where(*leases.mine(runtime, Delivery, delivery.id), Delivery.state.in_(MOVING))
        .values(state=DeliveryState.PAUSED, wait_reason=why, wait_code=code),
    )
    if held:
        runtime.record("delivery.hold", delivery, why=notices.plain(why), code=code.value)


def wait(runtime: Runtime, delivery: Delivery, until: datetime, why: Notice, code: Held) -> None:
    """Let a delivery that is on its way go on at `until`; commits."""
    _put_off(runtime, delivery, until, why, code)
    runtime.session.commit()


def _put_off(
    runtime: Runtime, delivery: Delivery, until: datetime, why: Notice, code: Held
) -> None:
    """Let it go on at `until`; one that was paused or stopped meanwhile keeps its own reason."""
    runtime.session.execute(
        update(Delivery)
        .where(*leases.mine(runtime, Delivery, delivery.id), Delivery.state.in_(MOVING))
        .values(resume_at=until, wait_reason=why, wait_code=code)
        .execution_options(synchronize_session=False)
    )


def _unknown(runtime: Runtime, _delivery: Delivery, message: InHand, fault: ChannelError) -> None:
    """Ask the network later what became of it; it is never sent again before that."""
    ask_at = runtime.now() + timedelta(seconds=runtime.settings.reconcile_after_seconds)
    moves.move(
        runtime,
        message,
        MessageState.UNKNOWN,
        reason="no_answer",
        said=words(fault),
        due_at=ask_at,
    )
