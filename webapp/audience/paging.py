"""Pages of visitors by key: what stands behind somebody in an order, unknown values last.

An order is walked in parts, first who has a known value, then who has none. Each part is one range
of an index on every database, which an order with *nulls last* is on none of them both ways.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_

from webapp.audience.matching import Scope
from webapp.audience.models import Visitor
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _

SORTS: dict[str, Any] = {
    "friends": Visitor.friends,
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
class Source:
    """Rows with an id and a key, in an order by the key."""

    rows: Select[Any]
    id: ColumnElement[int]
    key: ColumnElement[Any]
    may_be_unknown: bool
    descending: bool

    def parts(self, edge: Edge | None, *, backwards: bool = False) -> Iterator[Select[Any]]:
        """Yield the statements whose rows, one after the other, stand behind `edge`."""
        falling = self.descending is not backwards
        kinds = [False, True] if self.may_be_unknown else [False]
        kinds = kinds[::-1] if backwards else kinds
        at = kinds.index(edge.value is None) if edge else 0
        for number, unknown in enumerate(kinds[at:]):
            rows = self._known(unknown=unknown)
            if edge and number == 0:
                rows = rows.where(self._behind(edge, falling=falling))
            key, row_id = (
                (self.key.desc(), self.id.desc()) if falling else (self.key.asc(), self.id.asc())
            )
            yield rows.order_by(key, row_id)

    def _known(self, *, unknown: bool) -> Select[Any]:
        if not self.may_be_unknown:
            return self.rows
        return self.rows.where(self.key.is_(None) if unknown else self.key.is_not(None))

    def _behind(self, edge: Edge, *, falling: bool) -> ColumnElement[bool]:
        if edge.value is None:
            return self.id < edge.id if falling else self.id > edge.id
        here = tuple_(self.key, self.id)
        there = (edge.value, edge.id)
        return here < there if falling else here > there


def column(sort: str) -> Any:
    """Return what a sort compares; raise `Invalid` for one that does not exist."""
    if sort not in SORTS:
        raise Invalid(_("The list cannot be sorted by that."))
    return SORTS[sort]


def walked(scope: Scope, sort: str, *, descending: bool) -> Source:
    """Return the matches as they are met along the index of the sort: for many matches."""
    key = column(sort)
    # SQLite keeps no statistics of values and would rather sort a million rows.
    hint = f"INDEXED BY ix_visitor_{key.key}_id"
    rows: Select[Any] = select(Visitor.id).where(*scope.tests())
    return Source(
        rows=rows.with_hint(Visitor, hint, "sqlite"),
        id=Visitor.id,  # type: ignore[arg-type]  # a column is its own expression
        key=key,
        may_be_unknown=key.nullable,
        descending=descending,
    )


def gathered(runtime: Runtime, scope: Scope, sort: str, *, descending: bool) -> Source:
    """Return the matches gathered first and sorted then: for few matches."""
    key = column(sort)
    found = scope.found(runtime, key).subquery()
    return Source(
        rows=select(found.c.id),
        id=found.c.id,
        key=found.c.key,
        may_be_unknown=key.nullable,
        descending=descending,
    )
