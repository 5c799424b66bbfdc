"""Pages of visitors by key: what stands behind somebody in an order, unknown values last.

An order is walked in parts, first who has a known value, then who has none. Each part is one range
of an index on every database, which an order with *nulls last* is on none of them both ways.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_, union_all

from webapp.audience.models import Visitor
from webapp.audience.visitors.matching import IndexBranch, Scope
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime

# So many people are looked through in their order before all who match are put in order.
NEAR = 20_000

SORTS: dict[str, Any] = {
    "friends": Visitor.follower_count,
    "name": Visitor.name_key,
    "username": Visitor.handle_key,
    "first_seen": Visitor.first_seen_at,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The visitor a page begins behind: the value of the sort, and the id that settles ties."""

    value: Any
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page stands in an order, and which way it is read."""

    edge: Edge | None
    falling: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A statement with the id and the key by which its rows are put in order."""

    select: Select[Any]
    id: Any
    key: Any

    def behind(self, edge: Edge, *, falling: bool) -> ColumnElement[bool]:
        """Test that a row stands behind a visitor."""
        here = self.id if edge.value is None else tuple_(self.key, self.id)
        there = edge.id if edge.value is None else (edge.value, edge.id)
        found: ColumnElement[bool] = here < there if falling else here > there
        return found

    def known(self, *, unknown: bool) -> ColumnElement[bool]:
        """Test that the key of a row is known, or that it is not."""
        found: ColumnElement[bool] = self.key.is_(None) if unknown else self.key.is_not(None)
        return found

    def ordered(self, *tests: ColumnElement[bool], falling: bool) -> Select[Any]:
        """Select the rows that pass some tests, in order."""
        by = (self.key, self.id)
        order = (part.desc() if falling else part.asc() for part in by)
        return self.select.where(*tests).order_by(*order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Matches in an order by a key; nobody is in two of the `arms`."""

    arms: Sequence[Rows]
    may_be_unknown: bool
    descending: bool

    def parts(
        self, edge: Edge | None, *, backwards: bool = False, most: int | None = None
    ) -> Iterator[Select[Any]]:
        """Yield the statements whose ids, one after the other, stand behind `edge`.

        Whoever reads no more than `most` of them says so, and no arm is read further.
        """
        falling = self.descending is not backwards
        kinds = [False, True] if self.may_be_unknown else [False]
        kinds = kinds[::-1] if backwards else kinds
        at = kinds.index(edge.value is None) if edge else 0
        for number, unknown in enumerate(kinds[at:]):
            behind = edge if number == 0 else None
            found = [self._part(arm, behind, unknown=unknown, falling=falling) for arm in self.arms]
            yield found[0] if len(found) == 1 else _merged(found, most, falling=falling)

    def _part(self, arm: Rows, edge: Edge | None, *, unknown: bool, falling: bool) -> Select[Any]:
        tests = [arm.known(unknown=unknown)] if self.may_be_unknown else []
        if edge:
            tests.append(arm.behind(edge, falling=falling))
        return arm.ordered(*tests, falling=falling)


def _merged(parts: Sequence[Select[Any]], most: int | None, *, falling: bool) -> Select[Any]:
    both = union_all(*(select(part.limit(most).subquery()) for part in parts)).subquery()
    return Rows(select=select(both.c.id, both.c.key), id=both.c.id, key=both.c.key).ordered(
        falling=falling
    )


def column(sort: str) -> Any:
    """Return what a sort compares; raise `Invalid` for one that does not exist."""
    if sort not in SORTS:
        raise Invalid(_("The list cannot be sorted by that."))
    return SORTS[sort]


def walked(scope: Scope, sort: str, *, descending: bool) -> Source:
    """Return the matches as they are met along the index of the sort: for many matches."""
    key = column(sort)
    return Source(
        arms=[_rows(arm, key) for arm in scope.arms(key)],
        may_be_unknown=key.nullable,
        descending=descending,
    )


def nearby(
    runtime: Runtime, scope: Scope, sort: str, place: Place, most: int
) -> Sequence[int] | None:
    """Return the first matches of a page, if the people who come next in the order hold so many.

    For a word that may stand in two places of a name: putting all who have it in order takes as
    long as they are many, and of so many some are met soon. Nothing is told where they are not.
    """
    key = column(sort)
    if len(scope.arms(key)) == 1:
        return None
    rows = _rows(IndexBranch(walked=True, tests=scope.tests_of_each()), key)
    behind = [rows.behind(place.edge, falling=place.falling)] if place.edge else []
    everybody = select(key).with_hint(Visitor, f"INDEXED BY ix_visitor_{key.key}_id", "sqlite")
    order = (part.desc() if place.falling else part.asc() for part in (key, Visitor.id))
    last = runtime.session.scalar(everybody.where(*behind).order_by(*order).offset(NEAR).limit(1))
    if last is None:
        return None
    near = key >= last if place.falling else key <= last
    found = rows.ordered(*behind, near, falling=place.falling).limit(most)
    ids = runtime.session.scalars(found).all()
    return ids if len(ids) == most else None


def _rows(arm: IndexBranch, key: Any) -> Rows:
    people: Select[Any] = select(Visitor.id.label("id"), key.label("key")).where(*arm.tests)
    # SQLite keeps no statistics of values and would rather sort a million rows.
    hint = f"INDEXED BY ix_visitor_{key.key}_id" if arm.walked else "NOT INDEXED"
    people = people.with_hint(Visitor, hint, "sqlite")
    if arm.walked:
        return Rows(select=people, id=Visitor.id, key=key)
    # The offset fences them off: PostgreSQL would walk the index of the key past everybody.
    found = people.offset(0).subquery()
    return Rows(select=select(found.c.id, found.c.key), id=found.c.id, key=found.c.key)


def gathered(
    runtime: Runtime,
    scope: Scope,
    sort: str,
    *,
    descending: bool,
    ids: Sequence[int] | None = None,
) -> Source:
    """Return the matches gathered first and sorted then: for few matches, `ids` if known."""
    key = column(sort)
    people: Select[Any] = select(Visitor.id.label("id"), key.label("key"))
    named = people.where(Visitor.id.in_(ids)) if ids is not None else scope.found(runtime, key)
    found = named.subquery()
    return Source(
        arms=[Rows(select=select(found.c.id, found.c.key), id=found.c.id, key=found.c.key)],
        may_be_unknown=key.nullable,
        descending=descending,
    )
