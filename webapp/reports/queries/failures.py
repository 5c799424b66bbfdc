"""What failed, and when, from the counters of accounts."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from webapp.deliveries.models import FailureQuarter
from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period, Run
from webapp.services.models import Service

# By the state that a message ended in, and the reason.
Reasons = Counter[tuple[str, str]]


def by_day(runtime: Runtime, service: Service, period: Period) -> Mapping[date, Reasons]:
    """Return how many messages ended without success on each of some days, and why."""
    found: dict[date, Reasons] = defaultdict(Counter)
    for run in period.runs():
        for number, state, reason, some in runtime.session.execute(_by_days(service, run)):
            found[run.day(number)][state, reason or state] += int(some)
    return found


def _by_days(service: Service, run: Run) -> Select[Any]:
    reasons = FailureQuarter.state, FailureQuarter.reason
    return (
        select(run.day_in(FailureQuarter.quarter), *reasons, func.sum(FailureQuarter.number))
        .where(
            FailureQuarter.service_id == service.id,
            FailureQuarter.quarter >= run.begins,
            FailureQuarter.quarter < run.ends,
        )
        .group_by("day", *reasons)
    )


def together(days: Mapping[date, Reasons], first: date, last: date) -> Reasons:
    """Return what failed in some days, by state and reason."""
    found: Reasons = Counter()
    for day, reasons in days.items():
        if first <= day <= last:
            found.update(reasons)
    return +found
