"""What the control rules look at, gathered once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from channels import Channel, Content, Measure, Operation, Part
from webapp.audience.models import Visitor
from webapp.deliveries import links, profile_fields, variants, whole, why
from webapp.deliveries.analysis.forecast import Forecast, forecast
from webapp.deliveries.costs import pricing
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts.content import Rendered
from webapp.deliveries.models import UNSENT, Delivery, DeliveryVariant
from webapp.deliveries.targeting import figures
from webapp.deliveries.targeting.figures import TargetFigures
from webapp.deliveries.targeting.target import TargetCounts
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.models import Service

NOBODY = TargetCounts(matched=0, eligible=0, excluded=[])


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A delivery with its counts, its longest message, its cost and its forecast.

    `shares` and `prices` are by the id of the account: how many messages it sends, and what one
    costs where something is charged.
    """

    delivery: Delivery
    channel: Channel
    counts: TargetCounts
    # What each variant says to the first person.
    contents: Sequence[Content]
    # The length of each text, as the person with the longest name reads it.
    lengths: Sequence[Measure]
    nameless: int
    shares: Mapping[int, int]
    prices: Mapping[int, Decimal]
    # What reading the inbox for STOP costs each account meanwhile, about.
    listening: Mapping[int, Decimal]
    # Of what was confirmed already nothing is foretold from its draft.
    forecast: Forecast | None
    # When a large target was counted, where it may have changed since.
    counted_at: datetime | None = None

    @property
    def to_come(self) -> bool:
        """Whether nobody confirmed it yet, so that its time and its cost are still to come."""
        return self.delivery.state in UNSENT

    @property
    def longest(self) -> Measure:
        """The length of the longest text."""
        none = Measure(length=0, limit=0)
        return max(self.lengths, key=lambda item: item.length, default=none)

    @property
    def direct(self) -> bool:
        """Whether this is about direct messages."""
        return self.delivery.kind.to_people

    @property
    def charges(self) -> dict[int, Decimal]:
        """What the delivery costs each account that is charged for it."""
        return {key: price * self.shares[key] for key, price in self.prices.items()}

    @property
    def cost(self) -> Decimal | None:
        """What the whole delivery costs; `None` where nothing is charged."""
        return sum(self.charges.values(), costs.NOTHING) if self.prices else None

    @property
    def listens(self) -> Decimal | None:
        """What listening costs all accounts, about; `None` where nothing is charged for it."""
        return sum(self.listening.values(), costs.NOTHING) if self.listening else None

    @property
    def price(self) -> Decimal | None:
        """What one message costs; `None` where nothing is charged, or not the same to all."""
        found = {self.prices.get(key) for key in self.shares}
        return found.pop() if len(found) == 1 else None


def gather(runtime: Runtime, delivery: Delivery, oldest: timedelta | None = None) -> Facts:
    """Count, measure and forecast a delivery.

    Its target is counted now; who can do with figures of a large one that are older says so.
    """
    channel = runtime.registry.get(delivery.channel)
    whom = target_figures(runtime, delivery, oldest)
    # Nobody of those who agreed before is meant by a follow-up; they show how it reads.
    counts = NOBODY if delivery.continuous else whom.counts
    # Of a large target, which is counted seldom, the analysis alone looks for long profiles, too.
    more = [] if whom.counted_at else profile_fields.longest(runtime, delivery)
    people = [*whom.longest, *more]
    first = people[0] if people else None
    readers = _Readers(
        delivery=delivery,
        why_link=partial(why.example, runtime.settings),
        told=profile_fields.of_people(runtime, whole.fillable(delivery), people),
    )
    contents = [
        _content(runtime, delivery, variant, partial(readers.reads, first))
        for variant in delivery.variants
    ]
    shares = share_out(delivery, counts.eligible)
    return Facts(
        delivery=delivery,
        channel=channel,
        counts=counts,
        contents=contents,
        lengths=lengths(runtime, channel, people, readers),
        nameless=whom.nameless if names_alone(delivery) else 0,
        shares=shares,
        prices=prices(runtime, delivery, contents),
        listening=listening(runtime, delivery, shares),
        forecast=_forecast(runtime, delivery, shares),
        counted_at=whom.counted_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Readers:
    """How people read a delivery; `told` is what it says of their profiles, by their ids."""

    delivery: Delivery
    why_link: Callable[[str], str]
    told: Mapping[int, profile_fields.Told]

    def reads(self, person: Visitor | None, text: str, *, html: bool = False) -> Rendered:
        """Return a text as one of them reads it."""
        told = self.told.get(person.id, {}) if person else {}
        more = profile_fields.answering(told, self.why_link)
        return texts.render(text, person, self.delivery.language, html=html, more=more)


def _content(
    runtime: Runtime, delivery: Delivery, variant: DeliveryVariant, render: Callable[..., Rendered]
) -> Content:
    """Return what a variant says to a person, as the channel is asked about it."""
    rows = variant.parts
    drafts = [links.Draft(text=render(row.text), html=render(row.html, html=True)) for row in rows]
    sender = next(iter(delivery.services), None)
    written = links.written(runtime, delivery, sender, drafts)
    parts = tuple(
        Part(text=said.text, media=variants.media(runtime, row))
        for row, said in zip(rows, written, strict=True)
    )
    first = written[0]
    subject = render(rows[0].subject).text
    return Content(parts=parts, subject=subject, html=first.html, links=first.links)


def _forecast(runtime: Runtime, delivery: Delivery, shares: Mapping[int, int]) -> Forecast | None:
    known = delivery.services and delivery.state in UNSENT
    return forecast(runtime, delivery, shares) if known else None


def target_figures(
    runtime: Runtime, delivery: Delivery, oldest: timedelta | None = None
) -> TargetFigures:
    """Count people or accounts now; figures no older than `oldest` do where that is given."""
    if oldest is None:
        return figures.counted(runtime, delivery)
    return figures.known(runtime, delivery, oldest)


def lengths(
    runtime: Runtime,
    channel: Channel,
    people: Sequence[Visitor],
    readers: _Readers,
) -> list[Measure]:
    """Measure each text as it is longest: to the person with the longest name."""
    # The links of each account may begin with an address of its own.
    delivery = readers.delivery
    senders: Sequence[Service | None] = delivery.services or [None]

    def longest(text: str) -> Measure:
        filled = [readers.reads(person, text) for person in people]
        drafts = [links.Draft(text=item) for item in filled or [Rendered(text=text)]]
        said = [
            item.text
            for sender in senders
            for item in links.written(runtime, delivery, sender, drafts)
        ]
        measured = declared.measures(channel, delivery.kind.part, said)
        none = Measure(length=0, limit=0)
        return max(measured, key=lambda item: item.length, default=none)

    return [longest(text) for text in delivery.texts]


def share_out(delivery: Delivery, number: int) -> dict[int, int]:
    """Return how many messages each account sends."""
    kind = delivery.kind
    return {service.id: kind.share(number) for service in kind.voices(delivery.services)}


def prices(runtime: Runtime, delivery: Delivery, contents: Sequence[Content]) -> dict[int, Decimal]:
    """Return what one message costs at most on each account that is charged for it."""
    found = {}
    for service in delivery.services:
        said = [content.parts for content in contents]
        price = pricing.dearest(runtime, delivery, service, said)
        if price is not None:
            found[service.id] = price
    return found


def listening(
    runtime: Runtime, delivery: Delivery, shares: Mapping[int, int]
) -> dict[int, Decimal]:
    """Return what reading the inbox of each account costs at least, while its messages go out.

    Networks list what the account itself wrote beside what it got, and charge for each thing they
    return: every part of every message is read once. It is a floor: what people answer comes on
    top, and so does what is returned again on another day; nobody knows how much that will be.
    """
    has = runtime.registry.get(delivery.channel).capabilities
    if not delivery.kind.listens or "inbox" not in has:
        return {}
    found = {
        service.id: costs.price_of(runtime, service, Operation.INBOX)
        for service in delivery.services
    }
    parts = variants.most_parts(delivery)
    return {key: price.amount * shares.get(key, 0) * parts for key, price in found.items() if price}


def names_alone(delivery: Delivery) -> bool:
    """Tell whether some text has the first name without a word for who has none."""
    return any(texts.stands_alone(text, texts.FIRST_NAME) for text in whole.fillable(delivery))
