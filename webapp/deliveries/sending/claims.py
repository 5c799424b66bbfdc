"""Claims: which deliveries a worker should go on with, and which message it takes next."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, or_, select, text, union, update

from webapp.deliveries import counters, failures, in_hand
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import (
    MOVING,
    Attempt,
    Delivery,
    DeliveryState,
    Held,
    Message,
    MessageState,
)
from webapp.deliveries.models.message import OPEN
from webapp.deliveries.sending import statements, writing
from webapp.kernel import leases
from webapp.kernel.db import reading
from webapp.kernel.db.changes import updated
from webapp.kernel.db.prepared import run
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.expiry import expired


def due(runtime: Runtime) -> list[int]:
    """Return the deliveries with something to do now that nobody has in hand, the oldest first."""
    free = leases.free(runtime, Delivery)
    # Each part begins at an index, so that none looks at all deliveries there ever were.
    moving, ready, asks, left = _reasons(runtime)
    found = union(
        select(Delivery.id).where(writing.LEFT),
        select(Delivery.id).where(moving),
        select(Delivery.id).where(ready),
        select(Message.delivery_id).where(text(OPEN), *asks),
        select(Message.delivery_id).where(text(OPEN), *left),
    )
    query = select(Delivery.id).where(Delivery.id.in_(found), free)
    # Asked each second: whoever writes is not kept waiting for that.
    with reading():
        return list(runtime.session.scalars(query.order_by(Delivery.resume_at, Delivery.id)))


def is_due(runtime: Runtime) -> ColumnElement[bool]:
    """A delivery on its way whose time has come, or any that a dead worker or a lost answer left.

    A paused or stopped delivery sends nothing, but what became of its messages is still found out,
    and of a stopped one those that are left are still written.
    """
    moving, ready, asks, left = _reasons(runtime)
    own = Message.delivery_id == Delivery.id
    return or_(writing.LEFT, moving, ready, exists().where(own, *asks), exists().where(own, *left))


def _reasons(
    runtime: Runtime,
) -> tuple[
    ColumnElement[bool],
    ColumnElement[bool],
    tuple[ColumnElement[bool], ...],
    tuple[ColumnElement[bool], ...],
]:
    """Return why a delivery may be due: two conditions of its row, two of one of its messages."""
    moving = and_(Delivery.state.in_(MOVING), Delivery.resume_at <= runtime.now())
    fresh = exists().where(
        Message.delivery_id == Delivery.id,
        Message.state == MessageState.PENDING,
        Message.due_at.is_(None),
    )
    # It may go on at once, but the clock was set back since that was written.
    ready = and_(Delivery.state == DeliveryState.SENDING, Delivery.wait_code == Held.NOTHING, fresh)
    asks = (Message.state == MessageState.UNKNOWN, Message.due_at <= runtime.now())
    return moving, ready, asks, _expired_leases(runtime)


def _expired_leases(runtime: Runtime) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.state == MessageState.SENDING,
        expired(Message.leased_until, runtime.clock.system(), leases.length(runtime)),
    )


def claim_next(runtime: Runtime, delivery_id: int, place: int | None = None) -> int | None:
    """Claim the next message whose turn has come, and count a try; the caller commits.

    Of those never tried that is the next one from a place, if one was drawn.

    The row that the UPDATE returns is this worker's alone. It returns none once the delivery is
    another's, or was held. One that another worker is about to claim is passed over.
    """
    given: dict[str, Any] = {
        "b_delivery": delivery_id,
        "b_now": runtime.now(),
        "b_until": leases.end(runtime),
        "b_key": uuid4().hex,
    }
    if runtime.lease:
        given["b_token"] = runtime.lease.token
    if place is not None:
        given["b_from"] = place
    claim = statements.claim(fenced=runtime.lease is not None, drawn=place is not None)
    claimed: int | None = run(runtime.session, claim, given).scalar()
    return claimed


def anything_due(runtime: Runtime, delivery_id: int) -> bool:
    """Tell whether the turn of any message has come."""
    given = {"b_delivery": delivery_id, "b_now": runtime.now()}
    return runtime.session.scalar(select(statements.next_due()), given) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A claimed message with its person as they stand now; `is_own` is an account of the house."""

    message: InHand
    is_own: bool


def read(runtime: Runtime, message_id: int) -> Claimed:
    """Read a claimed message, its person and its account, whose row is locked until the commit.

    So of two workers of an account the second counts what the first one began.
    """
    row = run(runtime.session, statements.reading(), {"b_message": message_id}).one()
    message, is_own = in_hand.of_row(runtime, row)
    return Claimed(message=message, is_own=is_own)


def leave_out(runtime: Runtime, message: InHand, reason: str) -> None:
    """Ignore a message that was just claimed and must not go out; commits."""
    _settle(runtime, message.id, MessageState.SENDING, MessageState.IGNORED, reason=reason)


def fail(runtime: Runtime, message_id: int, reason: str, said: str) -> None:
    """Fail a message that cannot even be prepared, and whose claim was rolled back; commits."""
    more = {"reason": reason, "said": said}
    _settle(runtime, message_id, MessageState.PENDING, MessageState.FAILED, **more)


def _settle(
    runtime: Runtime, message_id: int, was: MessageState, state: MessageState, **values: Any
) -> None:
    """End a message for which no attempt began."""
    tried = 1 if was is MessageState.SENDING else 0
    settled = runtime.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == was)
        .values(
            state=state,
            leased_until=None,
            tries=Message.tries - tried,
            changed_at=runtime.now(),
            **values,
        )
        .returning(Message.delivery_id, Message.service_id)
        .execution_options(synchronize_session=False)
    )
    now = counters.place(state, values["reason"])
    for delivery_id, service_id in settled:
        counters.moved(runtime, delivery_id, (counters.place(was), now))
        failures.count(runtime, (delivery_id, service_id), now)
    runtime.session.commit()


def recover_expired(runtime: Runtime, delivery_id: int) -> None:
    """Settle what a dead worker left: with an open attempt unknown, without one pending again."""
    left_behind = (Message.delivery_id == delivery_id, *_expired_leases(runtime))
    began = exists().where(Attempt.message_id == Message.id, Attempt.outcome.is_(None))
    ask_at = runtime.now() + timedelta(seconds=runtime.settings.reconcile_after_seconds)
    unknown = {"reason": "no_answer", "due_at": ask_at}
    was = counters.place(MessageState.SENDING)
    for condition, state, values in (
        (began, MessageState.UNKNOWN, unknown),
        (~began, MessageState.PENDING, {}),
    ):
        number = updated(
            runtime.session,
            update(Message)
            .where(*left_behind, condition)
            .values(state=state, leased_until=None, changed_at=runtime.now(), **values),
        )
        counters.moved(runtime, delivery_id, (was, counters.place(state)), number)
    runtime.session.commit()
