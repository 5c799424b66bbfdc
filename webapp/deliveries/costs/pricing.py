"""What one message of a delivery costs, which may depend on its text."""

from channels import Content, Part, Price
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.models import Service


def price_of(runtime: Runtime, delivery: Delivery, service: Service, text: str) -> Price | None:
    """Return the price of a text on an account; `None` when nothing is charged for it."""
    return costs.price_of(
        runtime, service, delivery.kind.operation, variant_of(runtime, delivery, text)
    )


def variant_of(runtime: Runtime, delivery: Delivery, text: str) -> str:
    """Return which of the network's prices a text has, such as the one for links."""
    channel = runtime.registry.get(delivery.channel)
    return declared.variant(channel, Content(parts=(Part(text=text),)))
