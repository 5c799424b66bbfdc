"""Several workers on one delivery: one leads it, and those with nothing to do send beside it.

Who leads asks about outcomes, reads the inbox, begins and hands back. Helpers only take turns, each
message under a lease of its own, and only as long as the delivery is in hand under the token of the
one that led when they were asked. One that dies therefore stops no other, and helpers go on while
the lease of a dead leader lasts.
"""

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from webapp.deliveries.kinds import TO_PEOPLE
from webapp.deliveries.models import Delivery, DeliveryState, Message, MessageState
from webapp.deliveries.sending import opt_out_check
from webapp.deliveries.sending.batch import Batch
from webapp.deliveries.sending.fault_guard import suspend_on_fault
from webapp.kernel import leases
from webapp.kernel.db import reading
from webapp.kernel.runtime import Runtime


def to_help(runtime: Runtime) -> list[tuple[int, str]]:
    """Return the deliveries with more to send, each with the token of its leader."""
    fresh = exists().where(
        Message.delivery_id == Delivery.id,
        Message.state == MessageState.PENDING,
        Message.due_at.is_(None),
    )
    led = not_(leases.free(runtime, Delivery))
    query = select(Delivery.id, Delivery.lease_token).where(led, _goes_out(runtime), fresh)
    with reading():
        return [(row[0], row[1]) for row in runtime.session.execute(query.order_by(Delivery.id))]


def help_out(runtime: Runtime, delivery_id: int, token: str) -> None:
    """Send for a slice of time beside the leader with this token, if it still leads."""
    joined = leases.join(runtime, Delivery, delivery_id, token, _goes_out(runtime))
    if joined is None:
        return
    delivery = joined.session.get_one(Delivery, delivery_id, populate_existing=True)
    with suspend_on_fault(joined, delivery):
        # A STOP that the leader has yet to read may be among what people wrote.
        if opt_out_check.nothing_to_read(joined, delivery):
            Batch(joined, delivery).run()
    joined.session.commit()


def _goes_out(runtime: Runtime) -> ColumnElement[bool]:
    in_time = or_(Delivery.expires_at.is_(None), Delivery.expires_at > runtime.now())
    return and_(
        Delivery.state == DeliveryState.SENDING,
        Delivery.family.in_(TO_PEOPLE),
        Delivery.parent_id.is_(None),
        Delivery.unwritten_after.is_(None),
        in_time,
    )
