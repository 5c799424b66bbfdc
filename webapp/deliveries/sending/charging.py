"""What a message costs: charged to its service, and kept with its delivery."""

from decimal import Decimal

from sqlalchemy import update

from webapp.deliveries.models import Attempt, Delivery, Message
from webapp.deliveries.prices import variant_of
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service


def charge(runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt) -> Decimal:
    """Charge an attempt that was accepted and return its cost; the caller commits."""
    variant = variant_of(runtime, delivery, attempt.text)
    service = runtime.session.get_one(Service, message.service_id)
    cost = costs.charge(runtime, service, delivery.kind.operation, variant=variant)
    if cost:
        runtime.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery.id)
            .values(cost=Delivery.cost + cost)
            .execution_options(synchronize_session=False)
        )
    return cost
