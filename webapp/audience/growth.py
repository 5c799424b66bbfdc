"""How the number of followers changes: now, in the last week, and day by day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.audience import consent, house
from webapp.audience.models import Subscription
from webapp.kernel.days import begins, day_of, day_of_quarter, quarter
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

WEEK = timedelta(days=7)
DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: how many came, how many went, how many followed at its end."""

    date: date
    gained: int
    lost: int
    followers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many follow now, what the last week changed, and the last thirty days that are known."""

    now: int
    gained: int
    lost: int
    days: list[Day]


def growth(runtime: Runtime, service: Service | None = None) -> Growth:
    """Count the followers of one service, or of all but test accounts."""
    since = runtime.now() - WEEK
    followed, ended = Subscription.followed_at, Subscription.ended_at
    now = _count(runtime, service, consent.follows())
    return Growth(
        now=now,
        gained=_count(runtime, service, followed >= since),
        lost=_count(runtime, service, ended >= since),
        days=_days(runtime, service, now),
    )


def _of(service: Service | None) -> list[ColumnElement[bool]]:
    if service:
        return [Service.id == service.id]
    return [Service.removed_at.is_(None), Service.is_test.is_(False)]


def _people() -> ColumnElement[bool]:
    """Return the condition that somebody is no account of the house."""
    return Subscription.visitor_id.not_in(house.visitors())


def _count(runtime: Runtime, service: Service | None, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count(Subscription.id)).join(Service)
    return runtime.session.scalar(query.where(*_of(service), _people(), *conditions)) or 0


def _days(runtime: Runtime, service: Service | None, now: int) -> list[Day]:
    """Walk back from today: the followers of a day are those of the next less its change.

    How many followed before an account was connected is not known, so those days are left out.
    """
    today = day_of(runtime.now(), runtime.zone)
    connected = runtime.session.scalar(select(func.min(Service.created_at)).where(*_of(service)))
    known = (today - day_of(connected, runtime.zone)).days + 1 if connected else 1
    shown = [today - timedelta(days=back) for back in range(min(DAYS, known))]
    gained = _by_day(runtime, service, Subscription.followed_at, shown[-1])
    lost = _by_day(runtime, service, Subscription.ended_at, shown[-1])
    days, followers = [], now
    for at in shown:
        came, went = gained[at], lost[at]
        days.append(Day(date=at, gained=came, lost=went, followers=followers))
        followers += went - came
    return days[::-1]


def _by_day(
    runtime: Runtime,
    service: Service | None,
    column: InstrumentedAttribute[datetime | None],
    first: date,
) -> Counter[date]:
    """Count by days of whoever looks, whatever the zone of the database's own server."""
    at = quarter(column)
    query = (
        select(at, func.count(Subscription.id))
        .join(Service)
        .where(*_of(service), _people(), column >= begins(first, runtime.zone))
        .group_by(at)
    )
    found: Counter[date] = Counter()
    for seconds, count in runtime.session.execute(query):
        found[day_of_quarter(seconds, runtime.zone)] += count
    return found
