"""The parts of an account's report by the names of their sheets, as they stand on the page."""

from collections.abc import Callable, Mapping

from webapp.reports.parts import cost, followers, hours, messages, posts, recent
from webapp.reports.scope import Scope
from webapp.reports.sections import Section

PARTS: Mapping[str, Callable[[Scope], Section | None]] = {
    "messages": messages.section,
    "posts": posts.section,
    "followers": followers.section,
    "hours": hours.section,
    "deliveries": recent.section,
    "cost": cost.section,
    "operations": cost.by_operation,
}
