"""What lasts for a while on the machine's clock, and ends also when that clock was set back.

A machine's clock may be set back, by a person or when it had been fast. What was written before
then lies further ahead than anything written now can. It would stand still until the clock is
there again, and it is taken for over instead.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_

# The clocks of several machines that share a database may differ by so much.
SKEW = timedelta(seconds=30)


def expired(column: Any, now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Return the condition that something is over which ends at `column`.

    It lasts `longest` at most, so an end further ahead than that was written by another clock.
    """
    return or_(column <= now, column > now + longest + SKEW)


def lasts(until: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Tell of one moment whether something that ends `until` then is not over."""
    return until is not None and now < until <= now + longest + SKEW


def lately(at: datetime, now: datetime, within: timedelta) -> bool:
    """Tell whether something happened less than `within` ago; what lies ahead did not."""
    return -SKEW <= now - at < within
