"""How the number of followers changes: now, in the last week, and day by day.

Of all accounts together, each person counts once: from the first account they followed until they
left the last. Whom the first reading of an account found did not come then, and is no growth.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select

from webapp.audience import own_accounts
from webapp.audience.models import Subscription
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import begins, day_of, day_of_quarter, quarter
from webapp.services.connection import accounts
from webapp.services.models import Service

WEEK = timedelta(days=7)
DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: how many came, went, and were found by a first reading; how many followed then."""

    date: date
    gained: int
    lost: int
    found: int
    followers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many follow now, what the last week changed, and the last thirty days that are known.

    `now`, `gained` and `lost` are `None` until the followers of an account were read to the end.
    `stated` is then what the networks say themselves, and `stated_at` when they said it.
    """

    now: int | None = None
    gained: int | None = None
    lost: int | None = None
    days: list[Day] = field(default_factory=list)
    stated: int | None = None
    stated_at: datetime | None = None


@requires(Permission.VIEW)
def growth(runtime: Runtime, service: Service | None = None) -> Growth:
    """Count the followers of one service, or of all that are connected."""
    services = [service] if service else accounts.every(runtime)
    known = [item.audience_known_at for item in services if item.audience_known_at]
    if not known:
        return _stated(services)
    spans = _spans(services)
    since = runtime.now() - WEEK
    there, came, went = spans.c.gone.is_(None), _came(spans), spans.c.gone >= since
    now, gained, lost = runtime.session.execute(
        select(
            func.count().filter(there),
            func.count().filter(came, spans.c.came >= since),
            func.count().filter(went),
        ).select_from(spans)
    ).one()
    days = _days(runtime, spans, min(known), now)
    return Growth(now=now, gained=gained, lost=lost, days=days)


def _stated(services: Sequence[Service]) -> Growth:
    """Return what the networks say of the accounts that speak to the public, if all of them do."""
    public = [item for item in services if not item.is_test] or services
    counts = [item.account.get("followers") for item in public]
    times = [item.account_read_at for item in public if item.account_read_at]
    known = [int(count) for count in counts if count is not None]
    if not counts or len(known) < len(counts) or not times:
        return Growth()
    return Growth(stated=sum(known), stated_at=min(times))


def _spans(services: Sequence[Service]) -> Subquery:
    """Select for each person when they came and went; `grew` is empty where nobody saw them come.

    That is so for whom the first reading of an account found.
    """
    followed, ended = Subscription.followed_at, Subscription.ended_at
    grew = case((followed > Service.audience_known_at, followed))
    wanted: Select[Any] = select(followed.label("came"), grew.label("grew"), ended.label("gone"))
    if len(services) > 1:
        left = func.count().filter(ended.is_(None)) == 0
        wanted = select(
            func.min(followed).label("came"),
            func.min(grew).label("grew"),
            case((left, func.max(ended))).label("gone"),
        ).group_by(Subscription.visitor_id)
    return (
        wanted.join_from(Subscription, Service)
        .where(
            Subscription.service_id.in_([item.id for item in services]),
            followed.is_not(None),
            Subscription.visitor_id.not_in(own_accounts.visitors()),
        )
        .subquery()
    )


def _came(spans: Subquery) -> ColumnElement[bool]:
    return and_(spans.c.grew.is_not(None), spans.c.grew == spans.c.came)


def _days(runtime: Runtime, spans: Subquery, known: datetime, now: int) -> list[Day]:
    """Walk back from today: the followers of a day are those of the next less its change.

    How many followed before an account was read is not known, so those days are left out.
    """
    today = day_of(runtime.now(), runtime.zone)
    number = (today - day_of(known, runtime.zone)).days + 1
    shown = [today - timedelta(days=back) for back in range(max(1, min(DAYS, number)))]
    every = _by_day(runtime, spans.c.came, shown[-1])
    gained = _by_day(runtime, spans.c.came, shown[-1], _came(spans))
    lost = _by_day(runtime, spans.c.gone, shown[-1])
    days, followers = [], now
    for at in shown:
        found = every[at] - gained[at]
        day = Day(date=at, gained=gained[at], lost=lost[at], found=found, followers=followers)
        days.append(day)
        followers += lost[at] - every[at]
    return days[::-1]


def _by_day(
    runtime: Runtime, column: ColumnElement[Any], first: date, *tests: ColumnElement[bool]
) -> Counter[date]:
    """Count by days of whoever looks, whatever the zone of the database's own server."""
    at = quarter(column)
    query = (
        select(at, func.count()).where(column >= begins(first, runtime.zone), *tests).group_by(at)
    )
    found: Counter[date] = Counter()
    for seconds, count in runtime.session.execute(query):
        found[day_of_quarter(seconds, runtime.zone)] += count
    return found
