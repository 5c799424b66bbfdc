"""The deliveries of an account that began in some days, each with what came of it.

What came of messages to people is read from the counters of their delivery. Of a post there is one
message an account, so these are read themselves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from webapp.deliveries import kinds
from webapp.deliveries.counters import COMPLAINED, TAKEN_BACK
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import (
    Arrival,
    Delivery,
    DeliveryService,
    Message,
    MessageCount,
    MessageState,
)
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period
from webapp.reports.queries import chosen, clicks, left, metrics
from webapp.reports.queries.clicks import Sums
from webapp.reports.queries.metrics import Read
from webapp.services.models import Service

STATES = tuple(state.value for state in MessageState)
# These say something more of what was sent, and are no messages beside it.
BESIDE = (*(item.value for item in Arrival), TAKEN_BACK, COMPLAINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A delivery of an account with what came of it, as far as it is known.

    `counts` are messages by state. `readers` are the people who followed a link of it, where it is
    known who they are. `posts` are those that stand, and `read` what is known of each.
    """

    id: int
    label: str
    kind: DeliveryKind
    at: datetime
    day: date
    counts: Mapping[str, int]
    tracked: bool = False
    readers: int = 0
    clicks: int = 0
    machines: int = 0
    posts: int = 0
    read: Sequence[Read] = ()

    @property
    def sent(self) -> int:
        """How many messages went out."""
        return self.counts.get(MessageState.SENT, 0)

    @property
    def views(self) -> int | None:
        """How often its posts were seen; `None` unless it is known of each."""
        known = [item.views for item in self.read if item.views is not None]
        return sum(known) if known and len(known) == self.posts else None

    @property
    def reactions(self) -> int | None:
        """How often somebody reacted to its posts, or followed a link of them."""
        known = [item.reactions for item in self.read if item.reactions is not None]
        return sum(known) + self.clicks if known and len(known) == self.posts else None


def began(runtime: Runtime, service: Service, period: Period) -> list[Line]:
    """Return the deliveries of an account that began in these days, oldest first."""
    return _lines(runtime, service, chosen.began(service, period), period)


def latest(runtime: Runtime, service: Service, until: Period, most: int) -> list[Line]:
    """Return the last deliveries of an account that began before a period ends, oldest first."""
    wanted = chosen.every(service, Delivery.started_at < until.ends)
    newest = wanted.order_by(Delivery.started_at.desc(), Delivery.id.desc()).limit(most)
    return _lines(runtime, service, newest, until)


def one(runtime: Runtime, service: Service, delivery: Delivery, period: Period) -> Line | None:
    """Return what came of a delivery through one of its accounts."""
    found = _lines(runtime, service, chosen.every(service, Delivery.id == delivery.id), period)
    return found[0] if found else None


@requires(Permission.VIEW)
def account_of_the_last(runtime: Runtime) -> int | None:
    """Return the account from which something went out last, but for proofs."""
    return runtime.session.scalar(
        select(DeliveryService.service_id)
        .join(Delivery, DeliveryService.delivery_id == Delivery.id)
        .where(Delivery.listed(), Delivery.started_at.is_not(None))
        .order_by(Delivery.started_at.desc(), Delivery.id.desc())
        .limit(1)
    )


def _lines(runtime: Runtime, service: Service, wanted: Select[Any], period: Period) -> list[Line]:
    # Whoever has thousands of deliveries gives the database no list of them.
    found = wanted.subquery()
    ids = select(found.c.id)
    public = ids.where(found.c.family.in_(kinds.PUBLIC))
    posts = _posts(runtime, service, public)
    counts = {
        **_counted(runtime, ids.where(found.c.family.in_(kinds.TO_PEOPLE))),
        **left.of_one_account(runtime, _counted(runtime, public), posts),
        **_states(posts),
    }
    followed = clicks.by_delivery(runtime, service, ids)
    read = metrics.latest(runtime, _standing(service, public)) if posts else {}
    rows = runtime.session.execute(select(found).order_by(found.c.started_at, found.c.id))
    return [
        _line(row, period, counts, followed.get(row.id), (posts.get(row.id, ()), read))
        for row in rows
    ]


def _line(
    row: Any,
    period: Period,
    counts: Mapping[int, Mapping[str, int]],
    sums: Sums | None,
    published: tuple[Sequence[Any], Mapping[int, Read]],
) -> Line:
    posts, read = published
    stands = [item.id for item in posts if _stands(item)]
    kind, mine = kinds.stored(row.family, row.kind_name), counts.get(row.id, {})
    gone = left.standing(mine) if kind.counted and not posts else 0
    return Line(
        id=row.id,
        label=row.label,
        kind=kind,
        at=row.started_at,
        day=period.day_of(row.started_at),
        counts=mine,
        tracked=sums is not None,
        readers=sums.readers if sums else 0,
        clicks=sums.clicks if sums else 0,
        machines=sums.machines if sums else 0,
        posts=len(stands) or gone,
        read=[read[item] for item in stands if item in read],
    )


def _stands(row: Any) -> bool:
    return row.state is MessageState.SENT and row.taken_back_at is None


def _standing(service: Service, ids: Select[Any]) -> Select[int]:
    return select(Message.id).where(
        Message.delivery_id.in_(ids),
        Message.service_id == service.id,
        Message.state == MessageState.SENT,
        Message.taken_back_at.is_(None),
    )


def _counted(runtime: Runtime, ids: Select[Any]) -> dict[int, dict[str, int]]:
    """Return the messages of deliveries by state, from their counters."""
    names = (*STATES, *BESIDE)
    sums = [
        func.sum(case((MessageCount.state == name, MessageCount.number), else_=0)) for name in names
    ]
    wanted = select(MessageCount.delivery_id, *sums).where(MessageCount.delivery_id.in_(ids))
    rows = runtime.session.execute(wanted.group_by(MessageCount.delivery_id))
    return {
        row[0]: {name: int(value or 0) for name, value in zip(names, row[1:], strict=True)}
        for row in rows
    }


def _posts(runtime: Runtime, service: Service, ids: Select[Any]) -> dict[int, list[Any]]:
    """Return the posts of deliveries from this account, of which each has one or few."""
    columns = (Message.id, Message.delivery_id, Message.state, Message.taken_back_at)
    rows = runtime.session.execute(
        select(*columns).where(Message.delivery_id.in_(ids), Message.service_id == service.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.delivery_id].append(row)
    return found


def _states(posts: Mapping[int, Sequence[Any]]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for key, rows in posts.items():
        states = [row.state.value for row in rows]
        found[key] = {name: states.count(name) for name in states}
    return found
