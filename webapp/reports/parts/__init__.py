"""The parts of an account's report by the names of their sheets, as they stand on the page."""

from collections.abc import Callable, Mapping

from webapp.reports.parts import (
    acquisition,
    agreements,
    clicks,
    cost,
    counts,
    followers,
    hours,
    messages,
    posts,
    reasons,
    recent,
)
from webapp.reports.scope import Scope
from webapp.reports.sections import Section

PARTS: Mapping[str, Callable[[Scope], Section | None]] = {
    "messages": messages.section,
    "posts": posts.section,
    "followers": followers.section,
    "agreements": agreements.section,
    "counts": counts.section,
    "sources": acquisition.by_source,
    "pages": acquisition.by_page,
    "clicks": clicks.over_time,
    "links": clicks.by_link,
    "hours": hours.section,
    "failures": reasons.failures,
    "failed": reasons.by_day,
    "exclusions": reasons.exclusions,
    "cost": cost.section,
    "operations": cost.by_operation,
    "deliveries": recent.section,
}
