"""Cuts a text that is too long for one part into several, where its sentences end."""

import re
from collections.abc import Callable, Iterator, Sequence

# A sentence ends before a blank unless a small letter follows, as behind "e.g."; so does a line.
SENTENCES = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?![a-zà-öø-ÿ])|(?<=[。！？])|\n+")  # noqa: RUF001
BLANKS = re.compile(r"\s+")
Fits = Callable[[str], bool]


def split(text: str, fits: Fits) -> list[str]:
    """Return parts that fit, each as full as whole sentences make it; no sign is left out.

    A sentence that does not fit alone is cut between words. A word never is: an address would
    lead nowhere.
    """
    parts: list[str] = []
    rest = text.strip()
    while rest and not fits(rest):
        end = _last(rest, SENTENCES, fits) or _last(rest, BLANKS, fits) or _first(rest)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _last(text: str, border: re.Pattern[str], fits: Fits) -> int:
    """Return the last border up to which a text fits; zero where there is none.

    Networks count each further sign as something, so the borders that fit come first.
    """
    ends = _ends(text, border)
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if fits(text[: ends[middle]].rstrip()):
            low = middle + 1
        else:
            high = middle
    return ends[low - 1] if low else 0


def _ends(text: str, border: re.Pattern[str]) -> Sequence[int]:
    return [at for at in _borders(text, border) if text[:at].strip()]


def _borders(text: str, border: re.Pattern[str]) -> Iterator[int]:
    yield from (found.end() for found in border.finditer(text))


def _first(text: str) -> int:
    """Return the end of the first word, however long it is."""
    found = BLANKS.search(text)
    return found.end() if found else len(text)
