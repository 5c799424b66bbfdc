"""Claims: which deliveries a worker should go on with, and which message it takes next."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from webapp.deliveries.models import (
    MOVING,
    Attempt,
    Delivery,
    DeliveryState,
    Held,
    Message,
    MessageState,
)
from webapp.kernel import leases
from webapp.kernel.db import reading
from webapp.kernel.lapse import lapsed
from webapp.kernel.runtime import Runtime


def due(runtime: Runtime) -> list[int]:
    """Return the deliveries with something to do now that nobody has in hand, the oldest first."""
    free = leases.free(runtime, Delivery)
    query = select(Delivery.id).where(free, is_due(runtime))
    # Asked each second: whoever writes is not kept waiting for that.
    with reading():
        return list(runtime.session.scalars(query.order_by(Delivery.resume_at, Delivery.id)))


def is_due(runtime: Runtime) -> ColumnElement[bool]:
    """A delivery on its way whose time has come, or any that a dead worker or a lost answer left.

    A paused or stopped delivery sends nothing, but what became of its messages is still found out.
    """
    moving = and_(Delivery.state.in_(MOVING), Delivery.resume_at <= runtime.now())
    fresh = exists().where(
        Message.delivery_id == Delivery.id,
        Message.state == MessageState.PENDING,
        Message.due_at.is_(None),
    )
    # It may go on at once, but the clock was set back since that was written.
    ready = and_(Delivery.state == DeliveryState.SENDING, Delivery.held_code == Held.NOTHING, fresh)
    asks = exists().where(
        Message.delivery_id == Delivery.id,
        Message.state == MessageState.UNKNOWN,
        Message.due_at <= runtime.now(),
    )
    left = exists().where(Message.delivery_id == Delivery.id, *_lapsed(runtime))
    return or_(moving, ready, asks, left)


def _lapsed(runtime: Runtime) -> tuple[ColumnElement[bool], ...]:
    return (
        Message.state == MessageState.SENDING,
        lapsed(Message.leased_until, runtime.clock.system(), leases.length(runtime)),
    )


def claim_next(runtime: Runtime, delivery_id: int) -> Message | None:
    """Claim the next message whose turn has come; the row count proves that it is ours alone."""
    while (message_id := _next(runtime, delivery_id)) is not None:
        if _claim(runtime, message_id):
            return runtime.session.get(Message, message_id, populate_existing=True)
        runtime.session.rollback()
    runtime.session.commit()
    return None


def anything_due(runtime: Runtime, delivery_id: int) -> bool:
    """Tell whether the turn of any message has come."""
    return _next(runtime, delivery_id) is not None


def _next(runtime: Runtime, delivery_id: int) -> int | None:
    """Return the message that has been due for longest, or the first that was never tried.

    Either stands at one end of a range of the index, however many messages are pending; both
    in one condition would be found by looking at all of them.
    """
    pending = select(Message.id).where(
        Message.delivery_id == delivery_id, Message.state == MessageState.PENDING
    )
    again = pending.where(Message.due_at <= runtime.now()).order_by(Message.due_at, Message.id)
    fresh = pending.where(Message.due_at.is_(None)).order_by(Message.due_at, Message.id)
    found = runtime.session.scalar(again.limit(1))
    return found if found is not None else runtime.session.scalar(fresh.limit(1))


def _claim(runtime: Runtime, message_id: int) -> bool:
    until = leases.end(runtime)
    claimed = runtime.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == MessageState.PENDING)
        .values(state=MessageState.SENDING, leased_until=until, changed_at=runtime.now())
        .execution_options(synchronize_session=False)
    )
    runtime.session.commit()
    return bool(claimed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def still_ours(message: Message, held: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a claimed message is still this worker's.

    The lease is the proof: a worker that slept through its own finds another's, or none. `held`
    is the lease it took, where the row may have been read again since.
    """
    return (
        Message.id == message.id,
        Message.state == MessageState.SENDING,
        Message.leased_until == (held or message.leased_until),
    )


def let_go(
    runtime: Runtime, message: Message, *, held: datetime | None = None, **values: Any
) -> None:
    """Change a claimed message for which no attempt began, if it is still this worker's."""
    runtime.session.execute(
        update(Message)
        .where(*still_ours(message, held))
        .values(leased_until=None, changed_at=runtime.now(), **values)
        .execution_options(synchronize_session=False)
    )
    runtime.session.commit()


def recover_lapsed(runtime: Runtime, delivery_id: int) -> None:
    """Settle what a dead worker left: with an open attempt unknown, without one pending again."""
    lapsed = (Message.delivery_id == delivery_id, *_lapsed(runtime))
    began = exists().where(Attempt.message_id == Message.id, Attempt.outcome.is_(None))
    ask_at = runtime.now() + timedelta(seconds=runtime.settings.settle_seconds)
    unknown = {"state": MessageState.UNKNOWN, "reason": "no_answer", "due_at": ask_at}
    for condition, values in ((began, unknown), (~began, {"state": MessageState.PENDING})):
        runtime.session.execute(
            update(Message)
            .where(*lapsed, condition)
            .values(leased_until=None, changed_at=runtime.now(), **values)
            .execution_options(synchronize_session=False)
        )
    runtime.session.commit()
