"""Wakes what waits for a cap or a budget that an operator raised: it is looked at again at once."""

from sqlalchemy import select, update

from webapp.deliveries.events import announce
from webapp.deliveries.models import MOVING, Delivery, DeliveryService, DeliveryState, Held
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING
from webapp.services.models import Service


def wake(runtime: Runtime, service: Service) -> None:
    """Let the deliveries of a service try again now; commits.

    One that waits for something else finds so at its next step, and waits on.
    """
    own = select(DeliveryService.delivery_id).where(DeliveryService.service_id == service.id)
    started = MOVING - {DeliveryState.SCHEDULED}
    runtime.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(own), Delivery.state.in_(started))
        .where(Delivery.resume_at > runtime.now(), Delivery.wait_code != Held.NOTHING)
        .values(resume_at=runtime.now(), wait_reason=NOTHING, wait_code=Held.NOTHING)
        .execution_options(synchronize_session=False)
    )
    paused = select(Delivery).where(
        Delivery.id.in_(own),
        Delivery.state == DeliveryState.PAUSED,
        Delivery.wait_code == Held.BUDGET,
    )
    query = paused.with_for_update().execution_options(populate_existing=True)
    woken = runtime.session.scalars(query).all()
    for delivery in woken:
        delivery.state, delivery.resume_at = DeliveryState.SENDING, runtime.now()
        delivery.free()
        runtime.record("delivery.resume", delivery)
    runtime.session.commit()
    for delivery in woken:
        announce(runtime, delivery)
