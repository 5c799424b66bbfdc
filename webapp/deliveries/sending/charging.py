"""What a message costs: charged to its service, and kept with its delivery."""

from decimal import Decimal

from sqlalchemy import update

from channels import Content, Part
from webapp.deliveries.models import Attempt, Delivery, Message
from webapp.deliveries.sending.call import operation_of
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service


def charge(runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt) -> Decimal:
    """Charge an attempt that was accepted and return its cost; the caller commits."""
    channel = runtime.registry.get(delivery.channel)
    content = Content(parts=(Part(text=attempt.text),))
    variant = channel.limits.variant(content) if channel.limits else ""
    service = runtime.session.get_one(Service, message.service_id)
    cost = costs.charge(runtime, service, operation_of(delivery), variant=variant)
    if cost:
        runtime.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery.id)
            .values(cost=Delivery.cost + cost)
            .execution_options(synchronize_session=False)
        )
    return cost
