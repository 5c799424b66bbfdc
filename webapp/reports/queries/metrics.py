"""What networks counted of posts, as it was read last."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from webapp.deliveries.models import PostMetric
from webapp.kernel.runtime import Runtime

VIEWS = "views"
# What counts as somebody reacting to a post, by the names that channels give figures.
REACTIONS = ("likes", "replies", "reposts", "quotes", "bookmarks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The figures of a post, and when they were read."""

    figures: Mapping[str, int]
    at: datetime

    @property
    def views(self) -> int | None:
        """How often it was seen."""
        return self.figures.get(VIEWS)

    @property
    def reactions(self) -> int | None:
        """How often somebody reacted to it."""
        known = [self.figures[name] for name in REACTIONS if name in self.figures]
        return sum(known) if known else None


def latest(runtime: Runtime, messages: Select[int]) -> dict[int, Read]:
    """Return the figures of each post on the last day they were read."""
    other = aliased(PostMetric)
    last = select(func.max(other.day)).where(other.message_id == PostMetric.message_id)
    columns = (PostMetric.message_id, PostMetric.figure, PostMetric.value, PostMetric.read_at)
    rows = runtime.session.execute(
        select(*columns).where(
            PostMetric.message_id.in_(messages), PostMetric.day == last.scalar_subquery()
        )
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    times: dict[int, datetime] = {}
    for key, name, value, at in rows:
        found[key][name] = value
        times[key] = max(at, times.get(key, at))
    return {key: Read(figures=figures, at=times[key]) for key, figures in found.items()}
