"""Clicks of deliveries, from the counters of their links."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking.models import ClickCount, ClickKind, TrackedLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Who followed links: people once each where they are known, their clicks, and machines."""

    readers: int = 0
    clicks: int = 0
    machines: int = 0


def by_delivery(runtime: Runtime, service: Service, ids: Select[Any]) -> dict[int, Sums]:
    """Return what the links of deliveries got through an account; without links there is none."""
    linked = select(TrackedLink.delivery_id).where(TrackedLink.delivery_id.in_(ids)).distinct()
    found = dict.fromkeys(runtime.session.scalars(linked), Sums())
    wanted = (
        select(
            TrackedLink.delivery_id,
            ClickCount.kind,
            func.sum(ClickCount.number),
            func.sum(ClickCount.newcomers),
        )
        .join(TrackedLink, TrackedLink.id == ClickCount.link_id)
        .where(TrackedLink.delivery_id.in_(ids), ClickCount.service_id == service.id)
        .group_by(TrackedLink.delivery_id, ClickCount.kind)
    )
    for key, kind, number, newcomers in runtime.session.execute(wanted):
        before = found[key]
        found[key] = (
            Sums(readers=int(newcomers), clicks=int(number), machines=before.machines)
            if kind is ClickKind.PERSON
            else Sums(readers=before.readers, clicks=before.clicks, machines=int(number))
        )
    return found
