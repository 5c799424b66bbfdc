"""What one message of a delivery costs, which may depend on its text."""

from collections.abc import Sequence
from decimal import Decimal

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


def dearest(
    runtime: Runtime, delivery: Delivery, service: Service, said: Sequence[Sequence[str]]
) -> Decimal | None:
    """Return what one message costs at most, of variants that are texts of parts each.

    Each part is a call with a price of its own. `None` where nothing is charged for any.
    """
    each = [[price_of(runtime, delivery, service, text) for text in texts] for texts in said]
    if not any(price for row in each for price in row):
        return None
    return max(sum((price.amount for price in row if price), costs.NOTHING) for row in each)


def variant_of(runtime: Runtime, delivery: Delivery, text: str) -> str:
    """Return which of the network's prices a text has, such as the one for links."""
    channel = runtime.registry.get(delivery.channel)
    return declared.variant(channel, Content(parts=(Part(text=text),)))
