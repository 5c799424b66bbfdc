"""What the control rules look at, gathered once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from channels import Channel, Content, Measure, Part
from webapp.audience.models import Visitor
from webapp.deliveries import content as texts
from webapp.deliveries import target
from webapp.deliveries.forecast import Forecast, forecast
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.deliveries.prices import price_of
from webapp.deliveries.target import TargetCounts
from webapp.kernel.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A delivery with its counts, its longest message, its cost and its forecast."""

    delivery: Delivery
    channel: Channel
    counts: TargetCounts
    content: Content
    longest: Measure
    nameless: int
    price: Decimal | None
    forecast: Forecast | None

    @property
    def direct(self) -> bool:
        """Whether this is about direct messages."""
        return self.delivery.kind is DeliveryKind.DIRECT

    @property
    def cost(self) -> Decimal | None:
        """What the whole delivery costs; `None` where nothing is charged."""
        return None if self.price is None else self.price * self.counts.eligible


def gather(runtime: Runtime, delivery: Delivery) -> Facts:
    """Count, measure and forecast a delivery."""
    channel = runtime.registry.get(delivery.channel)
    counts = count(runtime, delivery)
    people = _people(runtime, delivery)
    sample = texts.render(delivery.content, people[0] if people else None).text
    content = Content(parts=(Part(text=sample),))
    return Facts(
        delivery=delivery,
        channel=channel,
        counts=counts,
        content=content,
        longest=longest(channel, delivery, people),
        nameless=_nameless(runtime, delivery),
        price=price(runtime, delivery, sample),
        forecast=forecast(runtime, delivery, counts.eligible) if delivery.services else None,
    )


def count(runtime: Runtime, delivery: Delivery) -> TargetCounts:
    """Count people, or for a post the accounts it goes out from."""
    if delivery.kind is DeliveryKind.DIRECT:
        return target.count(runtime, delivery)
    accounts = len(delivery.services)
    return TargetCounts(matched=accounts, eligible=accounts, excluded=[])


def longest(channel: Channel, delivery: Delivery, people: Sequence[Visitor]) -> Measure:
    """Measure the longest message: the one to the person with the longest name."""
    part = channel.directs if delivery.kind is DeliveryKind.DIRECT else channel.posts
    if part is None:
        return Measure(length=0, limit=0)
    messages = [texts.render(delivery.content, person).text for person in people]
    measured = [part.measure(text) for text in messages or [delivery.content]]
    return max(measured, key=lambda item: item.length)


def price(runtime: Runtime, delivery: Delivery, text: str) -> Decimal | None:
    """Return what one message costs."""
    if not delivery.services:
        return None
    found = price_of(runtime, delivery, delivery.services[0], text)
    return found.amount if found else None


def _people(runtime: Runtime, delivery: Delivery) -> list[Visitor]:
    if delivery.kind is not DeliveryKind.DIRECT:
        return []
    return target.longest_names(runtime, delivery)


def _nameless(runtime: Runtime, delivery: Delivery) -> int:
    if delivery.kind is not DeliveryKind.DIRECT:
        return 0
    return target.nameless(runtime, delivery)
