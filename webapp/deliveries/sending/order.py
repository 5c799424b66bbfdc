"""Whose turn comes next in an experiment: anybody of all its people, drawn for each message.

The messages of a stretch are written in a shuffled order, but the stretches follow each other from
the oldest contacts to the newest. Sent like that, the evening would be that of other people than
the morning, and what is found on the first day would be true of old contacts alone. So each turn
begins at a place that is drawn among all who wait, and goes to the next one from there: an index
finds it, however many there are, and nothing is remembered.
"""

import secrets
from collections.abc import Callable
from typing import Any

from webapp.deliveries.models import Delivery
from webapp.deliveries.sending import statements
from webapp.kernel.db.prepared import run
from webapp.kernel.runtime import Runtime

Draw = Callable[[], int | None]


def draw(runtime: Runtime, delivery: Delivery) -> Draw:
    """Return what draws a place for each turn; nothing where messages go out in their order."""
    if delivery.plan is None:
        return lambda: None
    ends: Any = run(runtime.session, statements.ends(), {"b_delivery": delivery.id}).one()
    first, last = ends
    # Nobody waits who was never tried.
    if first is None:
        return lambda: None
    return lambda: first + secrets.randbelow(last - first + 1)
