"""Finds mentions, hashtags and cashtags. Source: npm's twitter-text 3.1.0."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from plugins.x.texts.signs import AT, BLANKS, HASH, PUNCTUATION, named

# Latin letters with an accent, in the cases that X lists.
ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
RETWEET = "(?:^|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?"
MENTION = re.compile(
    rf"(?:^|[^a-zA-Z0-9_!#$%&*{AT}]|{RETWEET})"
    rf"(?P<tag>[{AT}][a-zA-Z0-9_]{{1,20}}(?:/[a-zA-Z][a-zA-Z0-9_-]{{0,24}})?)"
)
NOT_BEHIND_MENTION = re.compile(rf"[{AT}{ACCENTED}]|://")
NOT_BEHIND_HASHTAG = re.compile(rf"[{HASH}]|://")
CASHTAG = re.compile(
    rf"(?:^|[{BLANKS}])(?P<tag>\$[a-zA-Z]{{1,6}}(?:[._][a-zA-Z]{{1,2}})?)"
    rf"(?=\Z|[\ufeff{BLANKS}{PUNCTUATION}])"
)
ACCENTED_LETTER = re.compile(rf"[{ACCENTED}]")


class Span(NamedTuple):
    """A part of a text, from `start` up to `end`."""

    start: int
    end: int


def mentions(text: str) -> Iterator[Span]:
    """Yield the mentions, each with the list behind it.

    Other than X's library, an accented Latin letter before the sign makes it part of a word, as any
    other Latin letter does: an address such as `été@acme` mentions nobody.
    """
    for found in MENTION.finditer(text):
        span = Span(*found.span("tag"))
        accented = span.start and ACCENTED_LETTER.match(text, span.start - 1)
        if not accented and not NOT_BEHIND_MENTION.match(text, span.end):
            yield span


def hashtags(text: str) -> Iterator[Span]:
    """Yield the hashtags: letters, marks and digits of any script, at least one no digit."""
    for found in _hashtag().finditer(text):
        span = Span(*found.span("tag"))
        if not NOT_BEHIND_HASHTAG.match(text, span.end):
            yield span


def cashtags(text: str) -> Iterator[Span]:
    """Yield the cashtags, which stand behind a blank."""
    return (Span(*found.span("tag")) for found in CASHTAG.finditer(text))


@cache
def _hashtag() -> re.Pattern[str]:
    letters, other = named("letters"), named("other")
    return re.compile(
        rf"(?:^|[\ufe0e\ufe0f]|[^&{letters}{other}])"
        rf"(?P<tag>[{HASH}](?![\ufe0f\u20e3])[{other}]*+[{letters}][{letters}{other}]*+)"
    )
