"""Edit or move what was confirmed and did not begin: nobody has to stop it for good and start over.

The text stays the same in both, so that the proof that was approved for it holds on.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete

from webapp.deliveries import counters
from webapp.deliveries.analysis.rules.plan import too_far
from webapp.deliveries.analysis.rules.repeats import said_already
from webapp.deliveries.counts import figures_of
from webapp.deliveries.drafts.editing import locked, void
from webapp.deliveries.events import announce
from webapp.deliveries.models import Delivery, DeliveryState, Held, Message, MessageState
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

UNTOUCHED = (MessageState.PENDING, MessageState.IGNORED)


@requires(Permission.VIEW)
def can_move(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether a delivery was confirmed for a time and nothing of it was begun."""
    waits = delivery.state is DeliveryState.SCHEDULED or (
        delivery.state is DeliveryState.PAUSED and delivery.scheduled_at is not None
    )
    # Whoever agreed since was promised what a continuous one says.
    settled = delivery.is_proof or delivery.continuous
    if not waits or delivery.started_at is not None or settled:
        return False
    counts = figures_of(runtime, [delivery.id])[delivery.id].counts
    return not any(number for state, number in counts.items() if state not in UNTOUCHED)


@requires(Permission.WRITE)
def unschedule(runtime: Runtime, delivery_id: int) -> Delivery:
    """Make a delivery that waits for its time a draft again; its time stays in the draft.

    Its messages go, since nobody can tell who will be meant after the edit. It is analysed and
    confirmed anew before anything is sent.
    """
    delivery = _movable(runtime, delivery_id)
    runtime.session.execute(
        delete(Message)
        .where(Message.delivery_id == delivery.id)
        .execution_options(synchronize_session=False)
    )
    counters.forget(runtime, delivery.id)
    delivery.confirmed_at, delivery.confirmed_by = None, ""
    delivery.unwritten_after = delivery.confirmed_up_to = None
    delivery.expires_at = delivery.resume_at = None
    delivery.free()
    void(runtime, delivery)
    return _saved(runtime, delivery, "delivery.unschedule")


@requires(Permission.WRITE)
def reschedule(runtime: Runtime, delivery_id: int, at: datetime) -> Delivery:
    """Begin at another time what waits for its time; one that missed it waits for the new one.

    Everything else that was confirmed stays, also for how long it is valid from its beginning on.
    """
    delivery = _movable(runtime, delivery_id)
    if at <= runtime.now():
        fault = _("This time is over. Choose another.")
        raise Invalid(fault, {"clock": fault})
    if too_far(runtime, at):
        fault = _("This is more than a year away. Choose an earlier day.")
        raise Invalid(fault, {"day": fault})
    before, delivery.scheduled_at = delivery.scheduled_at, at
    fault = said_already(runtime, delivery)
    if fault:
        runtime.session.rollback()
        raise Invalid(fault, {"day": fault})
    delivery.expires_at = at + timedelta(seconds=delivery.valid_for)
    if delivery.wait_code == Held.LATE:
        delivery.state = DeliveryState.SCHEDULED
        delivery.free()
    delivery.resume_at = at
    delivery.changed_at = runtime.now()
    moved = {"before": before.isoformat() if before else "", "after": at.isoformat()}
    return _saved(runtime, delivery, "delivery.reschedule", **moved)


def _movable(runtime: Runtime, delivery_id: int) -> Delivery:
    delivery = locked(runtime, delivery_id)
    if not can_move(runtime, delivery):
        runtime.session.rollback()
        raise Conflict(_("Only what waits for its time can be edited or moved; this has begun."))
    return delivery


def _saved(runtime: Runtime, delivery: Delivery, action: str, **more: str) -> Delivery:
    runtime.record(action, delivery, **more)
    runtime.session.commit()
    announce(runtime, delivery)
    return delivery
