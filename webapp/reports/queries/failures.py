"""What failed, and when, from the counters of accounts."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from webapp.deliveries.models import FailureQuarter
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import QUARTER, day_of_quarter
from webapp.reports.period import Period
from webapp.services.models import Service

# By the state that a message ended in, and the reason.
Reasons = Counter[tuple[str, str]]


def by_day(runtime: Runtime, service: Service, period: Period) -> Mapping[date, Reasons]:
    """Return how many messages ended without success on each of some days, and why."""
    quarter, number = FailureQuarter.quarter, func.sum(FailureQuarter.number)
    columns = (quarter, FailureQuarter.state, FailureQuarter.reason)
    rows = runtime.session.execute(
        select(*columns, number)
        .where(
            FailureQuarter.service_id == service.id,
            quarter >= int(period.begins.timestamp()) // QUARTER,
            quarter < int(period.ends.timestamp()) // QUARTER,
        )
        .group_by(*columns)
    )
    found: dict[date, Reasons] = defaultdict(Counter)
    for at, state, reason, some in rows:
        day = day_of_quarter(at * QUARTER, period.zone)
        found[day][state, reason or state] += int(some)
    return found


def together(days: Mapping[date, Reasons], first: date, last: date) -> Reasons:
    """Return what failed in some days, by state and reason."""
    found: Reasons = Counter()
    for day, reasons in days.items():
        if first <= day <= last:
            found.update(reasons)
    return +found
