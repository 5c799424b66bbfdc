"""Tells people from programs that fetch pages, by the rules that docs/tracking.md documents.

Networks fetch each link to draw its preview, mail filters to look for harm. Whoever says so, or
asks as no browser of a person does, is counted apart and shown beside the people: nothing is lost.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from is_bot import Bots

# So soon after a message went out nobody has read it.
EARLY = timedelta(seconds=5)
# A browser of a person follows a link to show a page.
PAGES = frozenset({"", "document", "iframe", "frame"})
# So much of what a browser calls itself is looked at, and remembered.
LONGEST = 512
_bots = Bots()


class Headers(Protocol):
    """The headers of a request."""

    def get(self, name: str, default: str) -> str:
        """Return one by its name in any case."""


def rule_of(method: str, headers: Headers) -> str:
    """Return by which rule a request is a program's; empty for what a person's browser asks."""
    if method != "GET":
        return "head"
    browser = headers.get("User-Agent", "")
    if not browser.strip():
        return "nameless"
    if _is_named(browser[:LONGEST]):
        return "named"
    purpose = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    if "prefetch" in purpose.lower() or "preview" in purpose.lower():
        return "prefetch"
    if headers.get("Sec-Fetch-Dest", "") not in PAGES:
        return "no_page"
    return ""


def is_early(at: datetime, out_at: datetime | None) -> bool:
    """Tell whether a link was followed before anybody could have read it."""
    return out_at is None or at < out_at + EARLY


@lru_cache(maxsize=4096)
def _is_named(browser: str) -> bool:
    """Tell whether a browser's line is a program's. Most people have one of a few lines."""
    return bool(_bots.is_bot(browser))
