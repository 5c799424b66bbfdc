"""Writes the messages that a confirmation left to be written, so many people at a time.

Rows, counters and the place of the next stretch are one commit, so that a worker that dies leaves
none of them half. Nothing goes out before all are written. Of a delivery that is stopped meanwhile
the others are written as stopped, so that nobody of its target is lost.
"""

from datetime import timedelta

from sqlalchemy import and_

from webapp.audience import erased
from webapp.deliveries.approval import recipients
from webapp.deliveries.control import cancel_rest
from webapp.deliveries.models import OVER, Delivery, DeliveryState
from webapp.kernel import leases
from webapp.kernel.db.turns import give_way
from webapp.kernel.runtime import Runtime

# What is paused waits, here as elsewhere.
LEFT = and_(Delivery.unwritten_after.is_not(None), Delivery.state != DeliveryState.PAUSED)


def write_on(runtime: Runtime, delivery: Delivery) -> None:
    """Write for a slice of time, or until all are written."""
    began = runtime.clock.system()
    ends = began + timedelta(seconds=runtime.settings.batch_seconds)
    while began <= runtime.clock.system() < ends and leases.keep_up(runtime):
        if not _next_stretch(runtime, delivery):
            return
        give_way(runtime.session)


def _next_stretch(runtime: Runtime, delivery: Delivery) -> bool:
    """Write the next stretch; tell whether more are left for this worker. Commits."""
    # A message for somebody who is erased meanwhile would belong to nobody.
    erased.read_in(runtime)
    # As in `editing.locked`: nobody stops it or takes it back meanwhile.
    runtime.session.refresh(delivery, with_for_update={"key_share": True})
    if _goes_on(runtime, delivery):
        recipients.write_more(runtime, delivery)
        if delivery.state in OVER:
            cancel_rest(runtime, delivery, "stopped")
    runtime.session.commit()
    return _goes_on(runtime, delivery)


def _goes_on(runtime: Runtime, delivery: Delivery) -> bool:
    left = delivery.unwritten_after is not None and delivery.state is not DeliveryState.PAUSED
    return left and leases.holds(runtime, delivery)
