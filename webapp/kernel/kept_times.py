"""Times in sentences that a worker makes and somebody reads later, by clocks of their own.

A worker does not know who will read what it found. While it writes for keeping, a time stands in
the text as a mark, and becomes words where the text is shown.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from webapp.kernel.formats import date_zone

# Signs that nobody types by chance.
MARK = re.compile(r"\u27e6(\d{4}-\d\d-\d\dT[\d:.]+\+00:00)\u27e7")
_keeping: ContextVar[bool] = ContextVar("keeping", default=False)


@contextmanager
def keeping() -> Iterator[None]:
    """Let the times of texts made inside be marks."""
    token = _keeping.set(True)
    try:
        yield
    finally:
        _keeping.reset(token)


def told(moment: datetime) -> str:
    """Return a time as it stands in a text: in words, or as a mark while texts are kept."""
    return f"\u27e6{moment.isoformat()}\u27e7" if _keeping.get() else date_zone(moment)


def said(text: str) -> str:
    """Return a kept text with its times in words, by the clocks of whoever reads it."""
    return MARK.sub(lambda found: date_zone(datetime.fromisoformat(found[1])), text)
