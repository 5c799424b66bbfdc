"""Finds what X makes a link of: addresses with a scheme, and bare domains of Latin letters.

Source: npm's twitter-text 3.1.0. Its expressions are walked here stretch by stretch, so that a long
paste costs its length once. A thing that looks like a link and is none is stepped over whole.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from plugins.x.texts.domains import STRETCH, Stretch, plain_domains
from plugins.x.texts.signs import AT, FORBIDDEN, HASH, named

LONGEST = 4_096
LONGEST_LABEL = 63
LONGEST_SHORT = 40
SCHEME = re.compile(r"[hH][tT][tT][pP][sS]?://\Z")
SCHEME_LENGTH = len("https://")
# A link may begin behind any sign but these; a bare one not behind the second kind either.
JOINED = re.compile(f"[A-Za-z0-9${AT}{HASH}{FORBIDDEN}]")
HELD = "-_./"
PORT = re.compile(r":[0-9]+")
QUERY = re.compile(r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*")
QUERY_TAIL = "!?*'@();:+$%[].,~|"
PATH_TAIL = "!*';:,.$%[]\u2013~@|&"
SHORTENED = re.compile(r"[hH][tT]{2}[pP][sS]?://[tT]\.[cC][oO]/([a-zA-Z0-9]+)")
IDEOGRAPHIC_DOTS = re.compile("[.\u3002\uff0e\uff61]")
BEYOND_ASCII = re.compile(r"[^\x20-\x7e]")


class Link(NamedTuple):
    """A link of a text, from `start` up to `end`; X weighs what stands from `weighed` on apart.

    The two ends differ where a path follows labels of other scripts, which X weighs once more.
    """

    start: int
    end: int
    weighed: int


class _Address(NamedTuple):
    start: int
    host: int
    host_end: int
    end: int
    path: bool


def links(text: str) -> Iterator[Link]:
    """Yield the links of a text in their order; none overlaps another."""
    at = 0
    for found in STRETCH.finditer(text):
        if found.end() <= at or "." not in found[0]:
            continue
        stretch = Stretch(text, *found.span())
        while address := _next(stretch, at):
            held = at < address.start and text[address.start - 1] in HELD
            at = address.end
            yield from _made(text, address, held=held)


def _next(stretch: Stretch, at: int) -> _Address | None:
    """Return the first address of a stretch whose sign before it is not taken yet."""
    text = stretch.text
    scheme = SCHEME.search(text, max(at, stretch.start - SCHEME_LENGTH), stretch.start)
    if scheme and _may_begin(text, scheme.start(), at):
        end = stretch.end(stretch.start)
        if end:
            return _address(text, scheme.start(), stretch.start, end)
    for label in stretch.labels(at):
        for begin in _beginnings(text, label, at):
            end = stretch.end(begin)
            if end:
                return _address(text, begin, begin, end)
    return None


def _beginnings(text: str, label: range, at: int) -> Iterator[int]:
    """Yield where in a label an address may begin, in the order in which X tries."""
    begins = list(label)
    if begins[:2] == [0, 1] and text[0] <= "\uffff" and not JOINED.match(text):
        begins[:2] = [1, 0]
    return (begin for begin in begins if _may_begin(text, begin, at))


def _may_begin(text: str, begin: int, at: int) -> bool:
    """Tell whether a sign that is not taken stands before, or is cut in two: X counts in UTF-16."""
    if begin == 0 or text[begin] > "\uffff":
        return True
    return begin > at and not JOINED.match(text, begin - 1)


def _address(text: str, start: int, host: int, host_end: int) -> _Address:
    """Add what follows a domain: a port, a path, a query."""
    port = PORT.match(text, host_end)
    at = port.end() if port else host_end
    path = _path().match(text, at)
    if path:
        at += max(1, len(path[0].rstrip(PATH_TAIL)))
    return _Address(start, host, host_end, _query_end(text, at), path is not None)


def _made(text: str, found: _Address, *, held: bool) -> Sequence[Link]:
    """Return the links that an address makes."""
    if not _possible(text, found):
        return ()
    if found.host > found.start:
        return _with_scheme(text, found)
    if held:
        return ()
    made = [
        _link(found.start + first, found.start + last)
        for first, last in plain_domains(text[found.start : found.host_end])
    ]
    if made and found.path:
        start, end, _weighed = made[-1]
        made[-1] = Link(start, found.end, end + found.end - found.host_end)
    return made


def _link(start: int, end: int) -> Link:
    return Link(start, end, end)


def _with_scheme(text: str, found: _Address) -> Sequence[Link]:
    """Return the link; one that X itself shortened ends with its letters and a query."""
    short = SHORTENED.match(text, found.start, found.end)
    if not short:
        return (_link(found.start, found.end),)
    if len(short[1]) > LONGEST_SHORT:
        return ()
    return (_link(found.start, _query_end(text, short.end())),)


def _query_end(text: str, at: int) -> int:
    query = QUERY.match(text, at)
    length = len(query[0].rstrip(QUERY_TAIL)) if query else 0
    return at + length


@cache
def _path() -> re.Pattern[str]:
    """A path: brackets belong to it in pairs, one within another at most."""
    sign = (
        rf"[a-zA-Z0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&\u0400-\u04ff\u1c80-\u1c87{named('accented')}]"
    )
    inner = rf"\({sign}++\)"
    # The whole is not possessive: Python before 3.11.5 then loses what an alternative gave back.
    return re.compile(rf"/(?:{sign}++|{inner}|\({sign}*+{inner}{sign}*+\))*")


def _possible(text: str, found: _Address) -> bool:
    """Tell whether such a domain can exist, by the lengths of its labels as they are encoded."""
    host = text[found.host : found.host_end]
    scheme = found.host - found.start or SCHEME_LENGTH
    if scheme + _units(text[found.start : found.end]) > LONGEST:
        return False
    if host.startswith("xn--") and not any(plain_domains(host)):
        return False
    return all(0 < _encoded_length(label) <= LONGEST_LABEL for label in host.split("."))


def _encoded_length(label: str) -> int:
    """Return how long a label is in an address of ASCII signs."""
    if len(label) > LONGEST_LABEL:
        return len(label)
    parts = IDEOGRAPHIC_DOTS.split(label)
    return sum(map(_punycode_length, parts)) + len(parts) - 1


def _punycode_length(part: str) -> int:
    if not BEYOND_ASCII.search(part):
        return len(part)
    return len("xn--") + len(part.encode("punycode"))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
