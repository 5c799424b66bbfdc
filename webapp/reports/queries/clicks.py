"""Clicks of an account: by delivery, by link, and over time, from their counters alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from webapp.deliveries.models import Delivery, DeliveryLink
from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period, Run
from webapp.reports.queries import chosen
from webapp.services.models import Service
from webapp.tracking.models import ClickKind, ClickQuarter, ClickTotal, TrackedLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Who followed links: people once each where they are known, their clicks, and machines."""

    readers: int = 0
    clicks: int = 0
    machines: int = 0

    def plus(self, kind: ClickKind, number: int, readers: int) -> "Sums":
        """Return the same with more clicks of people or of machines."""
        if kind is ClickKind.FETCHER:
            return Sums(readers=self.readers, clicks=self.clicks, machines=self.machines + number)
        return Sums(
            readers=self.readers + readers, clicks=self.clicks + number, machines=self.machines
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link with its figures, what operators call it, and the delivery it went out with."""

    address: str
    label: str
    delivery: str
    # Whether it is known who follows it.
    named: bool
    sums: Sums


def by_delivery(runtime: Runtime, service: Service, ids: Select[Any]) -> dict[int, Sums]:
    """Return what the links of deliveries got through an account; without links there is none."""
    linked = select(TrackedLink.delivery_id).where(TrackedLink.delivery_id.in_(ids)).distinct()
    found = dict.fromkeys(runtime.session.scalars(linked), Sums())
    sums = func.sum(ClickTotal.number), func.sum(ClickTotal.newcomers)
    wanted = (
        select(TrackedLink.delivery_id, ClickTotal.kind, *sums)
        .join(TrackedLink, TrackedLink.id == ClickTotal.link_id)
        .where(TrackedLink.delivery_id.in_(ids), ClickTotal.service_id == service.id)
        .group_by(TrackedLink.delivery_id, ClickTotal.kind)
    )
    for key, kind, number, newcomers in runtime.session.execute(wanted):
        found[key] = found[key].plus(kind, int(number), int(newcomers))
    return found


def by_day(runtime: Runtime, service: Service, period: Period) -> Mapping[date, Sums]:
    """Return the clicks of each of these days on which there were some.

    They are counted by quarters of an hour of UTC, since a day of any zone begins with one.
    """
    found: dict[date, Sums] = {}
    for run in period.runs():
        for number, kind, clicks, newcomers in runtime.session.execute(_by_days(service, run)):
            day = run.day(number)
            found[day] = found.get(day, Sums()).plus(kind, int(clicks), int(newcomers))
    return found


def _by_days(service: Service, run: Run) -> Select[Any]:
    sums = func.sum(ClickQuarter.number), func.sum(ClickQuarter.newcomers)
    return (
        select(run.day_in(ClickQuarter.quarter), ClickQuarter.kind, *sums)
        .where(
            ClickQuarter.service_id == service.id,
            ClickQuarter.quarter >= run.begins,
            ClickQuarter.quarter < run.ends,
        )
        .group_by("day", ClickQuarter.kind)
    )


def by_link(runtime: Runtime, service: Service, period: Period, most: int) -> list[LinkLine]:
    """Return the links that people followed most, of deliveries that began in these days."""
    began = chosen.began(service, period).subquery()
    top = (
        select(ClickTotal.link_id)
        .join(TrackedLink, TrackedLink.id == ClickTotal.link_id)
        .where(
            TrackedLink.delivery_id.in_(select(began.c.id)),
            ClickTotal.service_id == service.id,
            ClickTotal.kind == ClickKind.PERSON,
        )
        .order_by(ClickTotal.number.desc(), ClickTotal.link_id)
        .limit(most)
    )
    return _lines(runtime, service, runtime.session.scalars(top).all())


def _lines(runtime: Runtime, service: Service, links: Iterable[int]) -> list[LinkLine]:
    columns = (ClickTotal.link_id, ClickTotal.kind, ClickTotal.number, ClickTotal.readers)
    own = and_(
        DeliveryLink.delivery_id == TrackedLink.delivery_id,
        DeliveryLink.name == TrackedLink.address,
    )
    wanted = (
        select(*columns, TrackedLink.address, DeliveryLink.label, Delivery.label, Delivery.family)
        .join(TrackedLink, TrackedLink.id == ClickTotal.link_id)
        .join(Delivery, Delivery.id == TrackedLink.delivery_id)
        .outerjoin(DeliveryLink, own)
        .where(ClickTotal.link_id.in_(links), ClickTotal.service_id == service.id)
    )
    found: dict[int, LinkLine] = {}
    for link, kind, number, readers, address, label, delivery, family in runtime.session.execute(
        wanted
    ):
        before = found[link].sums if link in found else Sums()
        found[link] = LinkLine(
            address=address,
            label=label or "",
            delivery=delivery,
            named=family.clicks_named,
            sums=before.plus(kind, number, readers),
        )
    return sorted(found.values(), key=lambda line: (-line.sums.clicks, line.address))
