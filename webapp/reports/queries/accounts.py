"""What networks count of an account, by day, as it was read."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period
from webapp.services.models import AccountFigure, Service

Days = Mapping[date, Mapping[str, int]]


def by_day(runtime: Runtime, service: Service, period: Period) -> Days:
    """Return the figures of each of these days on which the account was read."""
    rows = runtime.session.execute(
        select(AccountFigure.day, AccountFigure.figure, AccountFigure.value).where(
            AccountFigure.service_id == service.id,
            AccountFigure.day >= period.first,
            AccountFigure.day <= period.last,
        )
    )
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, name, value in rows:
        found[day][name] = value
    return found


def last(days: Days, name: str, first: date, until: date) -> int | None:
    """Return a figure as it was read last within some days; `None` where it was not."""
    known = [day for day in days if first <= day <= until and name in days[day]]
    return days[max(known)][name] if known else None
