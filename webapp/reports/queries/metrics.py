"""What networks counted of posts, as it was read last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from webapp.deliveries.metrics.latest import latest as read_last
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
    """Return what is known of each post; one that was never read is not there."""
    found = read_last(runtime, messages)
    return {number: Read(figures=item.figures, at=item.read_at) for number, item in found.items()}
