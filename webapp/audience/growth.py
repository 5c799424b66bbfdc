"""How the number of followers changes: now, in the last week, and day by day.

It is read from what the synchronisation wrote for each account and day. Of all accounts together,
who follows two counts for each. Whom the first reading of an account found did not come then, and
is no growth.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from webapp.audience import daily
from webapp.audience.models import AudienceDay
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.models import Service

DAY = timedelta(days=1)
WEEK = 7
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
    """Tell how the followers of one service changed, or of all that are connected."""
    services = [service] if service else _public(accounts.every(runtime))
    known = [item for item in services if item.audience_known_at]
    days = _days(runtime, known) if known else []
    if not days:
        return _stated(services)
    week = days[-WEEK:]
    return Growth(
        now=days[-1].followers,
        gained=sum(day.gained for day in week),
        lost=sum(day.lost for day in week),
        days=days,
    )


def _public(services: Sequence[Service]) -> Sequence[Service]:
    """Return the accounts that speak to the public; a test account's page shows no growth."""
    return [item for item in services if not item.is_test] or services


def _stated(services: Sequence[Service]) -> Growth:
    """Return what the networks say of the accounts, if all of them do."""
    counts = [item.account.get("followers") for item in services]
    times = [item.account_read_at for item in services if item.account_read_at]
    known = [int(count) for count in counts if count is not None]
    if not counts or len(known) < len(counts) or not times:
        return Growth()
    return Growth(stated=sum(known), stated_at=min(times))


def _days(runtime: Runtime, services: Sequence[Service]) -> list[Day]:
    """Return each day from the first that is known; on one without a reading nothing changed."""
    ids = [item.id for item in services]
    today = max(daily.today(runtime, item) for item in services)
    first = today - (DAYS - 1) * DAY
    earlier = {row.service_id: row.followers for row in daily.before(runtime, ids, first)}
    rows = daily.since(runtime, ids, first)
    # An account that was moved west is on a day that its new zone has not reached.
    today = max([today, *(row.day for row in rows)])
    if not earlier:
        first = min((row.day for row in rows), default=today + DAY)
    found, at = [], first
    while at <= today:
        found.append(_day(at, [row for row in rows if row.day == at], earlier))
        at += DAY
    return found[-DAYS:]


def _day(at: date, rows: Sequence[AudienceDay], numbers: dict[int, int]) -> Day:
    """Return a day of all accounts, and bring the number of followers of each up to it."""
    gained, lost = sum(row.gained for row in rows), sum(row.lost for row in rows)
    before = sum(numbers.values())
    numbers |= {row.service_id: row.followers for row in rows}
    followers = sum(numbers.values())
    found = max(followers - before - gained + lost, 0)
    return Day(date=at, gained=gained, lost=lost, found=found, followers=followers)
