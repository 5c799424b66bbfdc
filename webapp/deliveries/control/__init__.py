"""Pause, resume and stop a delivery that goes out."""

from sqlalchemy import ColumnElement, update

from webapp.deliveries import counters, failures, reasons
from webapp.deliveries.drafts.editing import locked
from webapp.deliveries.events import announce
from webapp.deliveries.models import (
    ACTIVE,
    MOVING,
    Delivery,
    DeliveryState,
    Held,
    Message,
    MessageState,
)
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice


@requires(Permission.WRITE)
def pause(runtime: Runtime, delivery_id: int) -> Delivery:
    """Pause a delivery; the message under way is still finished."""
    delivery = locked(runtime, delivery_id)
    if delivery.state not in MOVING:
        raise Conflict(_("Only a delivery that is going out can be paused."))
    delivery.state = DeliveryState.PAUSED
    delivery.suspend(Notice("paused", name=runtime.actor.name), Held.OPERATOR)
    return _saved(runtime, delivery, "delivery.pause")


@requires(Permission.WRITE)
def resume(runtime: Runtime, delivery_id: int) -> Delivery:
    """Go on where the delivery was held."""
    delivery = locked(runtime, delivery_id)
    if delivery.state is not DeliveryState.PAUSED:
        raise Conflict(_("Only a paused delivery can go on."))
    # Only what is scheduled can be late: whoever lets a late one go on has answered the question.
    waits = delivery.scheduled_at is not None and delivery.scheduled_at > runtime.now()
    delivery.state = DeliveryState.SCHEDULED if waits else DeliveryState.SENDING
    delivery.resume_at = delivery.scheduled_at if waits else runtime.now()
    delivery.free()
    return _saved(runtime, delivery, "delivery.resume")


@requires(Permission.WRITE)
def stop(runtime: Runtime, delivery_id: int) -> Delivery:
    """End a delivery for good; what was not begun is cancelled, what is unknown still settled."""
    delivery = locked(runtime, delivery_id)
    if delivery.state not in ACTIVE:
        raise Conflict(_("This delivery is over already, or did not begin."))
    delivery.state = DeliveryState.STOPPED
    delivery.finished_at = runtime.now()
    delivery.suspend(Notice("stopped", name=runtime.actor.name), Held.OPERATOR)
    cancel_rest(runtime, delivery, "stopped")
    return _saved(runtime, delivery, "delivery.stop")


def cancel_rest(runtime: Runtime, delivery: Delivery, reason: str) -> None:
    """Cancel every message whose turn did not come, or not to its end; the caller commits."""
    _cancel(runtime, delivery, Message.parts_sent > 0, reasons.half_way(reason))
    _cancel(runtime, delivery, Message.parts_sent == 0, reason)


def _cancel(runtime: Runtime, delivery: Delivery, which: ColumnElement[bool], reason: str) -> None:
    was = counters.place(MessageState.PENDING)
    now = counters.place(MessageState.CANCELLED, reason)
    waits = (Message.delivery_id == delivery.id, Message.state == MessageState.PENDING, which)
    own = [service.id for service in delivery.services]
    for number_of_account in own:
        # Of the messages of one account nobody asks for its number.
        mine = (Message.service_id == number_of_account,) if len(own) > 1 else ()
        number = updated(
            runtime.session,
            update(Message)
            .where(*waits, *mine)
            .values(state=MessageState.CANCELLED, reason=reason, changed_at=runtime.now()),
        )
        counters.moved(runtime, delivery.id, (was, now), number)
        failures.count(runtime, (delivery.id, number_of_account), now, number)


def _saved(runtime: Runtime, delivery: Delivery, action: str) -> Delivery:
    runtime.record(action, delivery)
    runtime.session.commit()
    announce(runtime, delivery)
    return delivery
