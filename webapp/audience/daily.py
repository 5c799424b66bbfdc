"""How many followed an account on each day, how many came and went: written once, as it happens.

The columns of a subscription tell only what holds now: who left and came back has one beginning and
no end. So whoever writes that, a synchronisation or an event of the network, counts in the same
transaction, in days of the account's own zone, and a day that is over never changes.
"""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, select

from webapp.audience import consent, own_accounts
from webapp.audience.models import AudienceDay, Subscription
from webapp.kernel.db import dialect_of, insert_of
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import day_of
from webapp.services.limits.windows import zone_of
from webapp.services.models import Service


def today(runtime: Runtime, service: Service) -> date:
    """Return the day of an account."""
    return day_of(runtime.now(), zone_of(runtime, service))


def add(runtime: Runtime, service: Service, *, gained: int = 0, lost: int = 0) -> None:
    """Count who came and went today; the caller commits."""
    if gained or lost:
        _write(runtime, service, gained, lost)


def read_to_end(runtime: Runtime, service: Service, lost: int) -> None:
    """Count who went, and how many follow now that the whole list was read; the caller commits.

    Nothing else counts them all: an account that was connected or disconnected is nobody's follower
    any more, or somebody's again, and that is seen here.
    """
    _write(runtime, service, 0, lost, _counted(runtime, service))


def _write(
    runtime: Runtime, service: Service, gained: int, lost: int, counted: int | None = None
) -> None:
    followers = counted
    if followers is None:
        followers = _last_number(runtime, service) + gained - lost
    last = runtime.session.scalar(
        select(func.max(AudienceDay.day)).where(AudienceDay.service_id == service.id)
    )
    given = {
        "b_service": service.id,
        # A zone further west begins yesterday again, which is over.
        "b_day": max(today(runtime, service), last or date.min),
        "b_gained": gained,
        "b_lost": lost,
        "b_followers": followers,
    }
    runtime.session.execute(_writing(dialect_of(runtime.session), anew=counted is not None), given)


@cache
def _writing(dialect: str, *, anew: bool) -> Any:
    """Make the statement: it adds to what a day has, unless the followers were counted anew.

    Events of the network are applied while a synchronisation runs: neither forgets the other's.
    """
    table = AudienceDay.__table__
    numbers = ("gained", "lost", "followers")
    row = insert_of(dialect, table).values(
        service_id=bindparam("b_service"),
        day=bindparam("b_day", type_=table.c.day.type),
        **{name: bindparam(f"b_{name}", type_=Integer()) for name in numbers},
    )
    more: dict[str, Any] = {name: table.c[name] + row.excluded[name] for name in ("gained", "lost")}
    change = row.excluded.gained - row.excluded.lost
    more["followers"] = row.excluded.followers if anew else table.c.followers + change
    return row.on_conflict_do_update(index_elements=["service_id", "day"], set_=more)


def _last_number(runtime: Runtime, service: Service) -> int:
    return followers(runtime, [service.id]).get(service.id, 0)


def followers(runtime: Runtime, ids: Collection[int]) -> dict[int, int]:
    """Return how many follow each account, as far as the last synchronisation saw."""
    return {row.service_id: row.followers for row in before(runtime, ids, date.max)}


def before(runtime: Runtime, ids: Collection[int], day: date) -> list[AudienceDay]:
    """Return the last day before another that is known of each account."""
    last = (
        select(AudienceDay.service_id, func.max(AudienceDay.day).label("day"))
        .where(AudienceDay.service_id.in_(ids), AudienceDay.day < day)
        .group_by(AudienceDay.service_id)
        .subquery()
    )
    same = (AudienceDay.service_id == last.c.service_id) & (AudienceDay.day == last.c.day)
    query = select(AudienceDay).join(last, same).execution_options(populate_existing=True)
    return list(runtime.session.scalars(query))


def since(runtime: Runtime, ids: Collection[int], day: date) -> list[AudienceDay]:
    """Return the days on which something was read of accounts, from a day on, in order."""
    query = (
        select(AudienceDay)
        .where(AudienceDay.service_id.in_(ids), AudienceDay.day >= day)
        .order_by(AudienceDay.day, AudienceDay.service_id)
        .execution_options(populate_existing=True)
    )
    return list(runtime.session.scalars(query))


def _counted(runtime: Runtime, service: Service) -> int:
    query = select(func.count(Subscription.id)).where(
        Subscription.service_id == service.id,
        Subscription.visitor_id.not_in(own_accounts.visitors()),
        consent.follows(),
    )
    return runtime.session.scalar(query) or 0
