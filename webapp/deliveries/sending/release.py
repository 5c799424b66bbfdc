"""Where a delivery stands after a slice: over, waiting for a time, or ready for the next slice."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select

from webapp.deliveries import reasons
from webapp.deliveries.control import cancel_rest
from webapp.deliveries.events import announce
from webapp.deliveries.models import MOVING, Delivery, DeliveryState, Held, Message, MessageState
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice

OVER = {DeliveryState.STOPPED: "stopped", DeliveryState.FINISHED: "expired"}


def release(runtime: Runtime, delivery: Delivery) -> None:
    """Say where the delivery stands now: over, waiting for a time, or ready for the next slice.

    One that is another's by now is left as it is.
    """
    # As in `editing.locked`, a helper may count for it meanwhile.
    runtime.session.refresh(delivery, with_for_update={"key_share": True})
    if not leases.holds(runtime, delivery):
        runtime.session.commit()
        return
    leases.release(delivery)
    if delivery.state in MOVING:
        _next_state(runtime, delivery)
    elif delivery.state in OVER:
        # What was under way when the delivery ended may have come back without being sent.
        cancel_rest(runtime, delivery, OVER[delivery.state])
    runtime.session.commit()
    if delivery.state is DeliveryState.FINISHED:
        announce(runtime, delivery)


def _next_state(runtime: Runtime, delivery: Delivery) -> None:
    now = runtime.now()
    if delivery.unwritten_after is not None or _is_scheduled(delivery, now):
        return
    left, asks = _earliest(runtime, delivery)
    # What is unknown is asked about in its own time, whatever else the delivery waits for.
    due = asks if left is None else left
    if due is None:
        _end_or_rest(runtime, delivery)
        return
    if not _waits(delivery, now):
        delivery.resume_at = max(due, now)
        delivery.free()
    if delivery.state is not DeliveryState.SCHEDULED:
        # Of a continuous one somebody new may be first: it stays what claims take up at once.
        retrying = left is not None and left > now and not delivery.continuous
        retrying = retrying and not delivery.wait_code
        delivery.state = DeliveryState.RETRYING if retrying else DeliveryState.SENDING


def _end_or_rest(runtime: Runtime, delivery: Delivery) -> None:
    """Finish what has nothing left; one that is continuous rests until somebody agrees."""
    if not delivery.continuous:
        _finish(runtime, delivery)
        return
    delivery.state, delivery.resume_at = DeliveryState.SENDING, None
    delivery.free()


def _is_scheduled(delivery: Delivery, now: datetime) -> bool:
    """Tell whether its time is still to come: its messages were written ahead of it."""
    ahead = delivery.resume_at is not None and delivery.resume_at > now
    return ahead and delivery.state is DeliveryState.SCHEDULED


def _waits(delivery: Delivery, now: datetime) -> bool:
    """Tell whether it waits for its time, or for something that has a reason, such as a limit."""
    reason = delivery.wait_code or delivery.state is DeliveryState.SCHEDULED
    return bool(reason) and delivery.resume_at is not None and delivery.resume_at > now


def _earliest(runtime: Runtime, delivery: Delivery) -> tuple[datetime | None, datetime | None]:
    """Return when the next message goes out, and when the network is asked next; or nothing.

    The index answers each part at one end of a range, however many messages are left.
    """
    waits = _due(delivery, MessageState.PENDING), _due(delivery, MessageState.SENDING)
    undated = or_(*(exists().where(*part, Message.due_at.is_(None)) for part in waits))
    first = [select(func.min(Message.due_at)).where(*part).scalar_subquery() for part in waits]
    asks = select(func.min(Message.due_at)).where(*_due(delivery, MessageState.UNKNOWN))
    row = runtime.session.execute(select(undated, *first, asks.scalar_subquery())).one()
    now, *dated, asked = row
    if now:
        return runtime.now(), asked
    return min(filter(None, dated), default=None), asked


def _due(
    delivery: Delivery, state: MessageState
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Message.delivery_id == delivery.id, Message.state == state


def _finish(runtime: Runtime, delivery: Delivery) -> None:
    delivery.state = DeliveryState.FINISHED
    delivery.finished_at = runtime.now()
    delivery.resume_at = None
    why = _failed_proof(runtime, delivery) if delivery.is_proof else NOTHING
    delivery.suspend(why, Held.FAILURES if why else Held.NOTHING)
    runtime.record("delivery.finish", delivery)


def _failed_proof(runtime: Runtime, delivery: Delivery) -> Notice:
    """Return why a proof did not arrive; empty when it did."""
    # Outcomes are written past the session, which may still hold the message as it was before.
    query = select(Message).where(
        Message.delivery_id == delivery.id, Message.state != MessageState.SENT
    )
    left = query.order_by(Message.id).limit(1).execution_options(populate_existing=True)
    message = runtime.session.scalar(left)
    return NOTHING if message is None else message.said or reasons.notice(message.reason)
