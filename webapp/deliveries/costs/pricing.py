"""What one message of a delivery costs, which may depend on its text."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from channels import Channel, Content, Media, Operation, Part, Price
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
    runtime: Runtime, delivery: Delivery, service: Service, said: Sequence[Sequence[Part]]
) -> Decimal | None:
    """Return what one message costs at most, of variants of parts each.

    Each part is a call with a price of its own, and so is the upload of what it shows. `None` where
    nothing is charged for any.
    """
    each = [
        [price for part in parts for price in prices_of(runtime, delivery, service, part)]
        for parts in said
    ]
    if not any(price for row in each for price in row):
        return None
    return max(sum((price.amount for price in row if price), costs.NOTHING) for row in each)


def prices_of(
    runtime: Runtime, delivery: Delivery, service: Service, part: Part
) -> Iterator[Price | None]:
    """Yield the price of a part, and that of each upload before it."""
    yield price_of(runtime, delivery, service, part.text)
    channel = runtime.registry.get(delivery.channel)
    for item in part.media if channel.media else ():
        yield costs.price_of(runtime, service, Operation.UPLOAD, upload_variant(channel, item))


def upload_variant(channel: Channel, media: Media) -> str:
    """Return which of the network's prices an upload has, such as one that is described."""
    return declared.variant(channel, Content(parts=(Part(text="", media=(media,)),)))


def variant_of(runtime: Runtime, delivery: Delivery, text: str) -> str:
    """Return which of the network's prices a text has, such as the one for links."""
    channel = runtime.registry.get(delivery.channel)
    return declared.variant(channel, Content(parts=(Part(text=text),)))
