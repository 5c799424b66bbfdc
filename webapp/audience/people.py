"""The list of visitors, of any size: searched, filtered, sorted, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from webapp.audience import filters
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _

SORTS: dict[str, Any] = {
    "friends": Visitor.friends,
    "name": Visitor.name_key,
    "username": Visitor.handle_key,
    "first_seen": Visitor.first_seen_at,
}
SIZES = (20, 50, 100)
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to show: every part stands in the address of the page.

    `after` and `before` are ids of the visitor the page begins behind or ends before.
    """

    words: str = ""
    service_id: int | None = None
    conditions: Sequence[filters.Condition] = field(default_factory=tuple)
    sort: str = "friends"
    descending: bool = True
    after: int | None = None
    before: int | None = None
    size: int = SIZES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visitor with the subscription the list is about; none for one who never subscribed."""

    visitor: Visitor
    subscription: Subscription | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some visitors in order, and whether there are more on either side."""

    lines: Sequence[Line]
    earlier: bool
    later: bool


def search(runtime: Runtime, query: Query) -> Page:
    """Return one page; its cost does not grow with how far down it is."""
    backwards = query.before is not None
    wanted = _selected(query).order_by(*_order(query, backwards=backwards))
    edge = query.before if backwards else query.after
    if edge is not None:
        wanted = wanted.where(_beyond(_visitor(runtime, edge), query, backwards=backwards))
    rows = runtime.session.execute(wanted.limit(query.size + 1)).all()
    more, rows = len(rows) > query.size, rows[: query.size]
    lines = [Line(visitor=visitor, subscription=subscription) for visitor, subscription in rows]
    if backwards:
        return Page(lines=lines[::-1], earlier=more, later=True)
    return Page(lines=lines, earlier=edge is not None, later=more)


def count(runtime: Runtime, query: Query) -> int:
    """Count every visitor the query matches."""
    wanted = _conditions(select(func.count()).select_from(Visitor), query)
    return runtime.session.scalar(wanted) or 0


def followers(runtime: Runtime, service_id: int) -> int:
    """Count who follows an account now, as far as the last synchronisation saw."""
    query = select(func.count(Subscription.id)).where(
        Subscription.service_id == service_id,
        Subscription.followed_at.is_not(None),
        Subscription.ended_at.is_(None),
    )
    return runtime.session.scalar(query) or 0


def get(runtime: Runtime, visitor_id: int) -> Visitor:
    """Return one visitor; raise `NotFound`."""
    return _visitor(runtime, visitor_id)


def _visitor(runtime: Runtime, visitor_id: int) -> Visitor:
    found = runtime.session.get(Visitor, visitor_id)
    if found is None:
        raise NotFound(_("There is no such visitor."))
    return found


def _selected(query: Query) -> Select[Any]:
    both: Select[Any] = select(Visitor, Subscription)  # type: ignore[assignment]
    return _conditions(both, query)


def _conditions(statement: Select[Any], query: Query) -> Select[Any]:
    """Join the one subscription of a service, or of each visitor the first one there is."""
    of_service = Subscription.visitor_id == Visitor.id
    if query.service_id is not None:
        of_service = and_(of_service, Subscription.service_id == query.service_id)
        statement = statement.join(Subscription, of_service).where(
            Subscription.followed_at.is_not(None) | Subscription.wrote_first_at.is_not(None)
        )
    else:
        first = (
            select(func.min(Subscription.id))
            .where(Subscription.visitor_id == Visitor.id)
            .correlate(Visitor)
            .scalar_subquery()
        )
        statement = statement.outerjoin(Subscription, Subscription.id == first)
    if query.words.strip():
        statement = statement.where(_begins(query.words))
    return statement.where(*filters.where(query.conditions))


def _begins(words: str) -> ColumnElement[bool]:
    """Match how a name or username begins, by a range that every database finds by its index."""
    wanted = words.strip().removeprefix("@").lower()
    return or_(
        Visitor.handle_key.between(wanted, wanted + LAST),
        Visitor.name_key.between(wanted, wanted + LAST),
    )


def _column(query: Query) -> Any:
    if query.sort not in SORTS:
        raise Invalid(_("The list cannot be sorted by that."))
    return SORTS[query.sort]


def _order(query: Query, *, backwards: bool) -> list[Any]:
    column = _column(query)
    if query.descending is not backwards:
        return [
            column.desc().nulls_last() if not backwards else column.desc().nulls_first(),
            Visitor.id.desc(),
        ]
    return [
        column.asc().nulls_last() if not backwards else column.asc().nulls_first(),
        Visitor.id.asc(),
    ]


def _beyond(edge: Visitor, query: Query, *, backwards: bool) -> ColumnElement[bool]:
    """Return what stands behind `edge` in the order of the page; unknown values stand last."""
    column = _column(query)
    value = getattr(edge, column.key)
    falling = query.descending is not backwards
    further = Visitor.id < edge.id if falling else Visitor.id > edge.id
    if value is None:
        tie = and_(column.is_(None), further)
        return or_(tie, column.is_not(None)) if backwards else tie
    past = column < value if falling else column > value
    beyond = or_(past, and_(column == value, further))
    return beyond if backwards else or_(beyond, column.is_(None))
