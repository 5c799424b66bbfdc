"""What pages read about clicks: sums of counters, never of clicks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from webapp.audience.models import Visitor
from webapp.deliveries.models import Delivery, DeliveryService
from webapp.kernel.db import reading
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import QUARTER
from webapp.services.models import Service
from webapp.tracking.models import Click, ClickCount, ClickKind, Conversion, TrackedLink

# So many deliveries of an account are listed, and so many days drawn.
LATEST = 50
DAYS = 30
A_DAY = 24 * 3_600 // QUARTER
READ_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """How many followed a link, or several: people, each once, their clicks, and machines."""

    readers: int = 0
    clicks: int = 0
    machines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link of a delivery with its figures; `label` is what operators call it."""

    link: TrackedLink
    label: str
    sums: Sums
    conversions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """What came of the links of a delivery; `all` counts who followed several once."""

    lines: Sequence[LinkLine]
    all: Sums
    # People and machines by the number of the quarter of an hour.
    quarters: Mapping[int, tuple[int, int]]

    @property
    def most(self) -> int:
        """The most clicks of people on one link."""
        return max((line.sums.clicks for line in self.lines), default=0)


@requires(Permission.VIEW)
def of_delivery(runtime: Runtime, delivery: Delivery) -> Clicks:
    """Return what came of the links of a delivery, those with most clicks first."""
    rows = runtime.session.scalars(
        select(TrackedLink)
        .where(TrackedLink.delivery_id == delivery.id)
        .order_by(TrackedLink.made_at, TrackedLink.address)
    ).all()
    labels = {item.name: item.label for item in delivery.links}
    counts = list(_counts(runtime, [row.id for row in rows]))
    told = _conversions(runtime, [row.id for row in rows])
    lines = [
        LinkLine(
            link=row,
            label=labels.get(row.address, ""),
            sums=_sums([item for item in counts if item.link_id == row.id]),
            conversions=told.get(row.id, 0),
        )
        for row in rows
    ]
    whole = _sums(counts)
    return Clicks(
        lines=sorted(lines, key=lambda line: -line.sums.clicks),
        all=Sums(
            readers=sum(item.newcomers for item in counts),
            clicks=whole.clicks,
            machines=whole.machines,
        ),
        quarters=_by_quarter(counts),
    )


def _counts(runtime: Runtime, links: Sequence[int]) -> Iterator[ClickCount]:
    if links:
        wanted = select(ClickCount).where(ClickCount.link_id.in_(links))
        yield from runtime.session.scalars(wanted.execution_options(populate_existing=True))


def _sums(counts: Sequence[ClickCount]) -> Sums:
    people = [item for item in counts if item.kind is ClickKind.PERSON]
    return Sums(
        readers=sum(item.readers for item in people),
        clicks=sum(item.number for item in people),
        machines=sum(item.number for item in counts if item.kind is ClickKind.FETCHER),
    )


def _by_quarter(counts: Sequence[ClickCount]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for item in counts:
        people, machines = found.get(item.quarter, (0, 0))
        if item.kind is ClickKind.PERSON:
            found[item.quarter] = (people + item.number, machines)
        else:
            found[item.quarter] = (people, machines + item.number)
    return found


def _conversions(runtime: Runtime, links: Sequence[int]) -> dict[int, int]:
    if not links:
        return {}
    wanted = select(Conversion.link_id, func.count()).where(Conversion.link_id.in_(links))
    return dict(runtime.session.execute(wanted.group_by(Conversion.link_id)).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery of an account with what its links got there."""

    delivery: Delivery
    sums: Sums


@requires(Permission.VIEW)
def of_service(runtime: Runtime, service: Service) -> list[DeliveryLine]:
    """Return the latest deliveries of an account that have links, with what came of these."""
    has_links = select(TrackedLink.id).where(TrackedLink.delivery_id == Delivery.id).exists()
    rows = runtime.session.scalars(
        select(Delivery)
        .join(DeliveryService, DeliveryService.delivery_id == Delivery.id)
        .where(DeliveryService.service_id == service.id, Delivery.listed(), has_links)
        .order_by(Delivery.id.desc())
        .limit(LATEST)
    ).all()
    wanted = (
        select(TrackedLink.delivery_id, ClickCount.kind, *_totals())
        .join(TrackedLink, TrackedLink.id == ClickCount.link_id)
        .where(
            ClickCount.service_id == service.id,
            TrackedLink.delivery_id.in_([row.id for row in rows]),
        )
        .group_by(TrackedLink.delivery_id, ClickCount.kind)
    )
    found: dict[int, dict[ClickKind, tuple[int, int]]] = {}
    for delivery_id, kind, number, newcomers in runtime.session.execute(wanted):
        found.setdefault(delivery_id, {})[kind] = (int(number), int(newcomers))
    return [DeliveryLine(delivery=row, sums=_of_kinds(found.get(row.id, {}))) for row in rows]


def _totals() -> tuple[Any, Any]:
    return func.sum(ClickCount.number), func.sum(ClickCount.newcomers)


def _of_kinds(found: Mapping[ClickKind, tuple[int, int]]) -> Sums:
    clicks, readers = found.get(ClickKind.PERSON, (0, 0))
    machines, _none = found.get(ClickKind.FETCHER, (0, 0))
    return Sums(readers=readers, clicks=clicks, machines=machines)


@requires(Permission.VIEW)
def quarters_of_service(runtime: Runtime, service: Service) -> dict[int, tuple[int, int]]:
    """Return the clicks on links of an account in the last days, by the number of the quarter."""
    since = int(runtime.now().timestamp()) // QUARTER - DAYS * A_DAY
    wanted = (
        select(ClickCount.quarter, ClickCount.kind, func.sum(ClickCount.number))
        .where(ClickCount.service_id == service.id, ClickCount.quarter > since)
        .group_by(ClickCount.quarter, ClickCount.kind)
    )
    found: dict[int, tuple[int, int]] = {}
    for quarter, kind, number in runtime.session.execute(wanted):
        people, machines = found.get(quarter, (0, 0))
        is_person = kind is ClickKind.PERSON
        found[quarter] = (
            people + (int(number) if is_person else 0),
            machines + (0 if is_person else int(number)),
        )
    return found


@requires(Permission.EXPORT)
def columns(runtime: Runtime) -> dict[str, str]:
    """Return what stands above the columns of `export`."""
    return {
        "at": _("Time (%(zone)s)", zone=runtime.zone.key),
        "link": _("Link"),
        "label": _("Label"),
        "account": _("Account"),
        "username": _("Username"),
        "name": _("Name"),
        "kind": _("Person or machine"),
        "rule": _("Rule"),
    }


@requires(Permission.EXPORT)
def export(runtime: Runtime, delivery: Delivery) -> Iterator[dict[str, Any]]:
    """Return each click of a delivery that is kept, read some at a time, by their numbers."""
    labels = {item.name: item.label for item in delivery.links}
    wanted = (
        select(
            *(Click.id, Click.at, Click.kind, Click.rule, TrackedLink.address),
            *(Service.internal_name, Visitor.handle, Visitor.name),
        )
        .join(TrackedLink, TrackedLink.id == Click.link_id)
        .join(Service, Service.id == Click.service_id)
        .outerjoin(Visitor, Visitor.id == Click.visitor_id)
        .where(TrackedLink.delivery_id == delivery.id)
        .order_by(Click.id)
        .limit(READ_AT_ONCE)
    )
    return _in_batches(runtime, wanted, labels)


def _in_batches(
    runtime: Runtime, wanted: Any, labels: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    after = 0
    while True:
        # No transaction stays open while somebody slow takes the lines.
        with reading():
            rows = runtime.session.execute(wanted.where(Click.id > after)).all()
            runtime.session.rollback()
        for number, at, kind, rule, address, account, handle, name in rows:
            after = number
            yield {
                "at": at,
                "link": address,
                "label": labels.get(address, ""),
                "account": account,
                "username": handle or "",
                "name": name or "",
                "kind": kind.value,
                "rule": rule,
            }
        if len(rows) < READ_AT_ONCE:
            return


def moment_of(quarter: int) -> datetime:
    """Return when a quarter of an hour began by its number."""
    return datetime.fromtimestamp(quarter * QUARTER, UTC)
