"""How many agreed to messages of an account, and how many took that back, on each of its days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from webapp.audience import daily
from webapp.audience.models import ConsentDay
from webapp.kernel.db import tallies
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def changed(runtime: Runtime, service_id: int, *, was: bool, now: bool) -> None:
    """Count what an answer changed today; the caller commits."""
    if was == now:
        return
    service = runtime.session.get_one(Service, service_id)
    key = {"service_id": service_id, "day": daily.today(runtime, service)}
    tallies.add(runtime.session, ConsentDay, key, gained=int(now), lost=int(was))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How many agreed, and how many took it back."""

    gained: int
    lost: int


def by_day(runtime: Runtime, service: Service, first: date, last: date) -> Mapping[date, Change]:
    """Return each of some days on which somebody agreed or took it back."""
    rows = runtime.session.execute(
        select(ConsentDay.day, ConsentDay.gained, ConsentDay.lost).where(
            ConsentDay.service_id == service.id, ConsentDay.day >= first, ConsentDay.day <= last
        )
    )
    return {day: Change(gained=gained, lost=lost) for day, gained, lost in rows}


def standing(runtime: Runtime, service: Service, before: date) -> int | None:
    """Return how many agreed when a day began; nothing where nobody ever did by then."""
    return runtime.session.scalar(
        select(func.sum(ConsentDay.gained - ConsentDay.lost)).where(
            ConsentDay.service_id == service.id, ConsentDay.day < before
        )
    )
