"""What happened with the person of a profile, cut into pages by a key.

Each source of moments answers with the newest behind an edge, at most as many as a page holds, from
an index of the person: so a page costs the same among a thousand people or a million.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, true

from webapp.audience.timeline import Event
from webapp.profiles.models import Profile

SIGN = "~"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edge:
    """The place of a moment among all: its time, then its source, then its number there."""

    at: datetime
    source: str
    number: int

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return SIGN.join((self.at.isoformat(), self.source, str(self.number)))

    @classmethod
    def read(cls, text: str) -> "Edge | None":
        """Return the place that an address names; nothing for one that is none."""
        try:
            at, source, number = text.split(SIGN)
            found = cls(at=datetime.fromisoformat(at), source=source, number=int(number))
        except ValueError:
            return None
        return found if found.at.tzinfo and abs(found.number) < 2**31 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened, and its place."""

    edge: Edge
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose moments are asked for, behind which edge, and how many at most."""

    profile: Profile
    visitors: Collection[int]
    edge: Edge | None
    most: int

    def of(self, rows: Select[Any], source: str, at: Any, number: Any) -> Select[Any]:
        """Return a query of rows that are moments of a source, the newest first."""
        newest = rows.where(self._behind(source, at, number))
        return newest.order_by(at.desc(), number.desc()).limit(self.most)

    def _behind(self, source: str, at: Any, number: Any) -> ColumnElement[bool]:
        edge = self.edge
        if edge is None:
            return true()
        if source == edge.source:
            return or_(at < edge.at, and_(at == edge.at, number < edge.number))
        same_time_too: bool = source < edge.source
        return and_(at <= edge.at if same_time_too else at < edge.at)

    def holds(self, edge: Edge) -> bool:
        """Tell whether a place is behind the edge."""
        return self.edge is None or edge < self.edge
