"""Settles unknown outcomes: by asking the network, or by the same key where it honours that."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, true, update
from sqlalchemy.exc import IntegrityError

import channels
from channels import ChannelError, NotSent, Sent, Unknowable
from webapp.deliveries import counters, failures, in_hand, variants
from webapp.deliveries.models import (
    OVER,
    Attempt,
    AttemptOutcome,
    Delivery,
    Message,
    MessageState,
)
from webapp.deliveries.sending import accepted, outcomes, repeating, uploaded
from webapp.deliveries.sending.call import Call, recipient
from webapp.deliveries.sending.fault_guard import code_of
from webapp.kernel import faults, leases
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.services.client import Client
from webapp.services.limits import quota
from webapp.services.limits.quota import LimitReached

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ASKED_AFTER_END = timedelta(days=1)
ROUND = 20


def reconcile(runtime: Runtime, delivery: Delivery) -> None:
    """Ask about every outcome that is due to be asked about, a round at a time.

    The lease is kept from question to question, since each may take long and cost.
    """
    query = (
        select(Message)
        .where(
            Message.delivery_id == delivery.id,
            Message.state == MessageState.UNKNOWN,
            Message.due_at <= runtime.now(),
        )
        .order_by(Message.due_at, Message.id)
        .limit(ROUND)
    )
    for message in runtime.session.scalars(query).all():
        if not leases.keep(runtime) or not _settled(runtime, delivery, message):
            return


def _settled(runtime: Runtime, delivery: Delivery, message: Message) -> bool:
    """Ask about one message, so that no fault keeps the others; false when a limit is spent.

    What cannot be asked, because the plugin is gone or something is wrong in Fanfare, is put off
    and holds the delivery with the reason.
    """
    try:
        return _settle_one(runtime, delivery, message)
    except Exception as fault:
        runtime.session.rollback()
        if faults.is_outage(fault):
            raise
        why = faults.why(fault)
        outcomes.suspend(runtime, delivery, why, code_of(fault))
        at = _next_ask(runtime, delivery, Unknowable(reason=why))
        _move(runtime, message, MessageState.UNKNOWN, at, said=why)
        runtime.session.commit()
        return True


def _settle_one(runtime: Runtime, delivery: Delivery, message: Message) -> bool:
    """Ask about one message; false when the limit for asking is spent."""
    channel = runtime.registry.get(delivery.channel)
    attempt = _attempt(runtime, message)
    if attempt is None:
        _again(runtime, message, MessageState.PENDING, None)
        return True
    if delivery.kind.is_orphaned(message.visitor):
        _leave_out(runtime, message)
        return True
    if repeating.may_repeat(runtime, delivery, message, attempt):
        return _repeat(runtime, delivery, message, attempt)
    if channel.reconciliation is None:
        # What is paused may go on, and is then sent under its key again.
        later = attempt.keyed and delivery.state not in OVER
        _again(runtime, message, MessageState.UNKNOWN, runtime.now() + HOUR if later else None)
        return True
    try:
        answer = _ask(runtime, delivery, message, attempt)
    except LimitReached as spent:
        _again(runtime, message, MessageState.UNKNOWN, spent.until)
        return False
    _keep(runtime, delivery, message, attempt, answer)
    return True


def _repeat(runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt) -> bool:
    """Send a message again under its key; false when the limit for sending is spent."""
    try:
        fault = repeating.repeat(runtime, delivery, message, attempt)
    except LimitReached as spent:
        _again(runtime, message, MessageState.UNKNOWN, spent.until)
        return False
    if fault is not None:
        at = Unknowable(reason=fault.message, ask_at=fault.retry_at)
        _again(runtime, message, MessageState.UNKNOWN, _next_ask(runtime, delivery, at))
    return True


def _attempt(runtime: Runtime, message: Message) -> Attempt | None:
    """Return the attempt nobody knows the outcome of; the last one, should there be several."""
    unknown = Attempt.outcome.is_(None) | (Attempt.outcome == AttemptOutcome.UNKNOWN)
    return runtime.session.scalar(
        select(Attempt)
        .where(Attempt.message_id == message.id, unknown)
        .order_by(Attempt.number.desc())
        .limit(1)
    )


def _ask(
    runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt
) -> Sent | NotSent | Unknowable:
    question = channels.Attempt(
        operation=delivery.kind.operation,
        text=attempt.text,
        started_at=attempt.started_at,
        person=recipient(delivery, in_hand.of_message(message)),
        known_remote_ids=_known(runtime, message),
        media=uploaded.ids(runtime, message.id, attempt.position),
    )
    try:
        return Client(runtime, message.service).find_sent(question)
    except ChannelError as fault:
        return Unknowable(reason=fault.message, ask_at=fault.retry_at)
    except FanfareError as fault:
        return Unknowable(reason=fault.message)


def _known(runtime: Runtime, message: Message) -> frozenset[str]:
    """Return what messages already account for, to the same person or on the account."""
    query = (
        select(Attempt.remote_id)
        .join(Message, Attempt.message_id == Message.id)
        .where(
            Attempt.service_id == message.service_id,
            Attempt.kind == message.kind.name,
            Message.visitor_id == message.visitor_id
            if message.visitor_id
            else Message.visitor_id.is_(None),
            Attempt.remote_id.is_not(None),
        )
    )
    rows = runtime.session.scalars(query.order_by(Attempt.id.desc()).limit(500))
    return frozenset(item for item in rows if item)


def _keep(
    runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt, answer: Any
) -> None:
    if isinstance(answer, Sent):
        try:
            asked = Call(
                delivery=delivery,
                message=in_hand.of_message(message),
                attempt=in_hand.of_attempt(attempt),
                person=None,
                client=Client(runtime, message.service),
                parts=len(variants.of_message(delivery, message.variant_id).parts),
            )
            accepted.write(runtime, asked, answer)
            runtime.session.commit()
        except IntegrityError:
            # Another message accounts for this very thing; this one is still unknown.
            runtime.session.rollback()
            _again(runtime, message, MessageState.UNKNOWN, runtime.now() + HOUR)
    elif isinstance(answer, NotSent):
        _may_go_again(runtime, delivery, message, attempt)
    else:
        _again(runtime, message, MessageState.UNKNOWN, _next_ask(runtime, delivery, answer))


def _may_go_again(runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt) -> None:
    """Let a message that the network never took wait for its turn; its worker may know better.

    An answer that comes late may speak of an attempt before the last, whose outcome is open. One
    that was refused by its key made nothing, and keeps nobody waiting.
    """
    made_nothing = (AttemptOutcome.FAILED, AttemptOutcome.NOT_SENT)
    later = exists().where(
        Attempt.message_id == message.id,
        Attempt.number > attempt.number,
        or_(Attempt.outcome.is_(None), Attempt.outcome.not_in(made_nothing)),
    )
    if _move(runtime, message, MessageState.PENDING, None, only=~later):
        operation = delivery.kind.operation
        quota.give_back(runtime, message.service, operation, attempt.started_at)
        attempt.outcome, attempt.ended_at = AttemptOutcome.NOT_SENT, runtime.now()
    runtime.session.commit()


def _next_ask(runtime: Runtime, delivery: Delivery, answer: Unknowable) -> datetime | None:
    """Return when to ask again, within a day; a day after the validity nobody asks any more."""
    at = min(answer.ask_at or runtime.now() + HOUR, runtime.now() + DAY)
    if delivery.expires_at and at > delivery.expires_at + ASKED_AFTER_END:
        return None
    return at


def _leave_out(runtime: Runtime, message: Message) -> None:
    """End a direct message whose person was erased: there is nobody left to ask about.

    A channel that is asked without a person might look among the posts. The attempt keeps its
    unknown outcome, and a worker that comes late may still tell that it was sent.
    """
    _move(runtime, message, MessageState.IGNORED, None, reason="erased_unknown")
    runtime.session.commit()


def _again(
    runtime: Runtime, message: Message, state: MessageState, due_at: datetime | None
) -> None:
    _move(runtime, message, state, due_at)
    runtime.session.commit()


def _move(
    runtime: Runtime,
    message: Message,
    state: MessageState,
    due_at: datetime | None,
    *,
    only: ColumnElement[bool] | None = None,
    **values: Any,
) -> bool:
    """Move a message that is still unknown; a slow worker may have settled it meanwhile."""
    number = updated(
        runtime.session,
        update(Message)
        .where(
            Message.id == message.id,
            Message.state == MessageState.UNKNOWN,
            true() if only is None else only,
        )
        .values(state=state, due_at=due_at, changed_at=runtime.now(), **values),
    )
    was, now = counters.place(MessageState.UNKNOWN), counters.place(state, values.get("reason", ""))
    counters.moved(runtime, message.delivery_id, (was, now), number)
    failures.count(runtime, (message.delivery_id, message.service_id), now, number)
    return bool(number)
