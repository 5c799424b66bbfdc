"""Where a delivery stands after a slice: over, waiting for a time, or ready for the next slice."""

from datetime import datetime

from sqlalchemy import func, select

from webapp.deliveries import counts, reasons
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
    runtime.session.refresh(delivery, with_for_update=True)
    if not leases.holds(runtime, delivery):
        # A worker that came late may know more of a message than was kept.
        if delivery.state in OVER:
            counts.keep(runtime, delivery.id)
        runtime.session.commit()
        return
    leases.let_go(delivery)
    if delivery.state in MOVING:
        _next_state(runtime, delivery)
    elif delivery.state in OVER:
        # What was under way when the delivery ended may have come back without being sent.
        cancel_rest(runtime, delivery, OVER[delivery.state])
    if delivery.state in OVER:
        counts.keep(runtime, delivery.id)
    runtime.session.commit()
    if delivery.state is DeliveryState.FINISHED:
        announce(runtime, delivery)


def _next_state(runtime: Runtime, delivery: Delivery) -> None:
    now = runtime.now()
    left = _earliest(runtime, delivery, MessageState.PENDING, MessageState.SENDING)
    asks = _earliest(runtime, delivery, MessageState.UNKNOWN)
    # What is unknown is asked about in its own time, whatever else the delivery waits for.
    due = asks if left is None else left
    if due is None:
        _finish(runtime, delivery)
        return
    if not _waits(delivery, now):
        delivery.resume_at = max(due, now)
        delivery.free()
    if delivery.state is not DeliveryState.SCHEDULED:
        retrying = not delivery.held_code and left is not None and left > now
        delivery.state = DeliveryState.RETRYING if retrying else DeliveryState.SENDING


def _waits(delivery: Delivery, now: datetime) -> bool:
    """Tell whether it waits for its time, or for something that has a reason, such as a limit."""
    reason = delivery.held_code or delivery.state is DeliveryState.SCHEDULED
    return bool(reason) and delivery.resume_at is not None and delivery.resume_at > now


def _earliest(runtime: Runtime, delivery: Delivery, *states: MessageState) -> datetime | None:
    """Return when the next message of these states is due; nothing when there is none."""
    row = runtime.session.execute(
        select(func.count(Message.id), func.min(Message.due_at), func.count(Message.due_at)).where(
            Message.delivery_id == delivery.id,
            Message.state.in_(states),
            (Message.state != MessageState.UNKNOWN) | Message.due_at.is_not(None),
        )
    ).one()
    number, earliest, dated = row
    if not number:
        return None
    undated = number > dated
    return runtime.now() if undated or earliest is None else earliest


def _finish(runtime: Runtime, delivery: Delivery) -> None:
    delivery.state = DeliveryState.FINISHED
    delivery.finished_at = runtime.now()
    delivery.resume_at = None
    why = _failed_proof(runtime, delivery) if delivery.is_proof else NOTHING
    delivery.hold(why, Held.FAILURES if why else Held.NOTHING)
    runtime.record("delivery.finish", delivery)


def _failed_proof(runtime: Runtime, delivery: Delivery) -> Notice:
    """Return why a proof did not arrive; empty when it did."""
    # Outcomes are written past the session, which may still hold the message as it was before.
    query = select(Message).where(Message.delivery_id == delivery.id)
    message = runtime.session.scalar(query.execution_options(populate_existing=True))
    if message is None or message.state is MessageState.SENT:
        return NOTHING
    return message.said or reasons.notice(message.reason)
