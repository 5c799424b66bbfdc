"""Who came and went in some days, as the synchronisation and events of networks wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from webapp.audience import daily
from webapp.audience.models import AudienceDay
from webapp.kernel.runtime import Runtime
from webapp.reports.period import DAY, Period
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How many came and went, and how many followed at the end of that."""

    gained: int = 0
    lost: int = 0
    followers: int | None = None


def by_day(runtime: Runtime, service: Service, period: Period) -> Mapping[date, Change]:
    """Return each of these days on which somebody was seen to come or go, by the account's zone."""
    rows = runtime.session.scalars(
        select(AudienceDay)
        .where(AudienceDay.service_id == service.id)
        .where(AudienceDay.day >= period.first, AudienceDay.day <= period.last)
        .execution_options(populate_existing=True)
    )
    return {
        row.day: Change(gained=row.gained, lost=row.lost, followers=row.followers) for row in rows
    }


def at_the_end(runtime: Runtime, service: Service, day: date) -> int | None:
    """Return how many followed when a day was over; `None` before anybody counted."""
    found = daily.before(runtime, [service.id], day + DAY)
    return found[-1].followers if found else None


def together(changes: Mapping[date, Change], first: date, last: date) -> Change:
    """Return what several days changed."""
    some = [change for day, change in sorted(changes.items()) if first <= day <= last]
    return Change(
        gained=sum(item.gained for item in some),
        lost=sum(item.lost for item in some),
        followers=some[-1].followers if some else None,
    )
