"""The visitors of a list as plain rows, for a file of any length."""

from collections.abc import Iterator
from typing import Any

from webapp.audience import consent, people
from webapp.kernel.db import reading
from webapp.kernel.runtime import Runtime

COLUMNS = ("username", "name", "friends", "verified", "first_seen", "service", "standing")
VERIFIED = {True: "yes", False: "no", None: ""}


def rows(runtime: Runtime, query: people.Query) -> Iterator[dict[str, Any]]:
    """Yield all that match, a batch in memory at a time; nobody who writes waits for it."""
    # Begun when the first row is taken, which is after the request.
    with reading():
        for line in people.every(runtime, query):
            yield _row(line)
        runtime.session.rollback()


def _row(line: people.Line) -> dict[str, Any]:
    tie, who = line.subscription, line.visitor
    return {
        "username": who.handle,
        "name": who.name,
        "friends": who.friends,
        "verified": VERIFIED[who.verified],
        "first_seen": who.first_seen_at,
        "service": tie.service.internal_name if tie else "",
        "standing": consent.standing(tie, who) if tie else "",
    }
