"""Finds where a domain ends that begins at a given sign; a stretch costs its length once.

A domain is as many labels as can be, the last of them a top-level domain that X knows.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

from plugins.x.texts.data import section
from plugins.x.texts.signs import BLANKS, DIRECTIONS, FORBIDDEN, named

# What labels are made of; a label neither begins nor ends with an edge sign.
STRETCH = re.compile(rf"[^!'#%&()*+,\\/:;<=>?@\[\]\^{{|}}~${BLANKS}{DIRECTIONS}{FORBIDDEN}]+")
EDGES = "-_"
WORD = re.compile(r"[0-9A-Za-z@+-]*")
PUNYCODE = re.compile(r"[xX][nN]--[-0-9a-zA-Z]+")


@cache
def _known() -> tuple[frozenset[str], Sequence[int]]:
    """Return the top-level domains, and the lengths of those beyond ASCII, longest first."""
    names = frozenset(name.upper() for name in section("tlds.txt", "names"))
    lengths = {len(name) for name in names if not name.isascii()}
    return names, sorted(lengths, reverse=True)


def top_level_end(text: str, at: int) -> int | None:
    """Return where the top-level domain ends that begins at `at`, if one does."""
    names, lengths = _known()
    end = _word_end(text, at)
    if text[at:end].upper() in names:
        return end
    for length in lengths:
        end = at + length
        if text[at:end].upper() in names and end == _word_end(text, end):
            return end
    punycode = PUNYCODE.match(text, at)
    return punycode.end() if punycode else None


def _word_end(text: str, at: int) -> int:
    """Return where the signs end that a top-level domain may not be followed by."""
    word = WORD.match(text, at)
    return word.end() if word else at


class Stretch:
    """Signs of which domains are made, between two that end them."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self._dots = [at for at in range(start, end) if text[at] == "."]
        self._begins = [start, *(dot + 1 for dot in self._dots)]
        self._tops = [top_level_end(text, dot + 1) for dot in self._dots]
        self._chains = self._chained()

    def end(self, at: int) -> int | None:
        """Return where the longest domain ends that begins at `at`, or None."""
        label = bisect_right(self._begins, at) - 1
        if label == len(self._dots) or not self._sound(label, at):
            return None
        return self._chains[label + 1] or self._alone(label, at)

    def labels(self, at: int) -> Iterator[range]:
        """Yield from `at` on the signs of each label behind which a domain may end."""
        first = max(bisect_right(self._begins, at) - 1, 0)
        for label in range(first, len(self._dots)):
            if self._chains[label + 1] or self._tops[label]:
                yield range(max(self._begins[label], at), self._dots[label])

    def _chained(self) -> list[int | None]:
        """Return for each label where the domain ends that begins with it."""
        ends: list[int | None] = [None] * (len(self._dots) + 1)
        for label in reversed(range(len(self._dots))):
            begin = self._begins[label]
            if self._sound(label, begin):
                ends[label] = ends[label + 1] or self._alone(label, begin)
        return ends

    def _sound(self, label: int, at: int) -> bool:
        dot = self._dots[label]
        return at < dot and self.text[at] not in EDGES and self.text[dot - 1] not in EDGES

    def _alone(self, label: int, at: int) -> int | None:
        """Return the end of the domain whose last name is this label: it has no underscore."""
        top = self._tops[label]
        return top if top and self.text.find("_", at, self._dots[label]) < 0 else None


@cache
def _plain_labels() -> re.Pattern[str]:
    return re.compile(rf"(?:[-a-zA-Z0-9{named('accented')}]+\.)+")


def plain_domains(domain: str) -> Iterator[tuple[int, int]]:
    """Yield the spans in `domain` that are domains of Latin letters: all that needs no scheme.

    X looks each up once more by its letters and takes the first place behind the one before.
    """
    at = done = 0
    while found := _plain_labels().search(domain, at):
        end = _last_end(domain, *found.span())
        at = end or found.end()
        if end:
            written = domain[found.start() : end]
            start = domain.index(written, done)
            done = start + len(written)
            yield start, done


def _last_end(domain: str, start: int, end: int) -> int | None:
    """Return where the longest of these labels end with a top-level domain, if any do."""
    dots = (at for at in reversed(range(start, end)) if domain[at] == ".")
    return next(filter(None, (top_level_end(domain, dot + 1) for dot in dots)), None)
