"""X's rules of text: the weighted length, links that become short ones, cashtags."""

import html
import re
import unicodedata
from typing import Any, NamedTuple

from plugins.x.measures import twitter_text
from plugins.x.sandbox.people import mix

LONGEST_POST = 280
LONGEST_DIRECT = 10_000
# Longer addresses are shown cut.
SHOWN_OF_LINK = 26
# At once: the first request is not to wait for it.
_LIBRARY = twitter_text()
_CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?!\w)")
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class ShownText(NamedTuple):
    """A text as X shows it, with the links it shortened."""

    text: str
    links: tuple[dict[str, Any], ...]


def normal(text: str) -> str:
    """Return `text` in the form X compares and counts, without blanks at its ends."""
    return unicodedata.normalize("NFC", text).strip()


def weighted_length(text: str) -> int:
    """Measure `text` as X does: most letters of the West count 1, the rest 2, a link 23."""
    return int(_LIBRARY.parse_tweet(text).weightedLength)


def has_link(text: str) -> bool:
    """Tell whether X would shorten something in `text`."""
    return bool(_LIBRARY.extract_urls_with_indices(text))


def cashtags(text: str) -> list[str]:
    """Return the cashtags in `text`."""
    return _CASHTAG.findall(text)


def shown(text: str, identifier: int) -> ShownText:
    """Shorten the links of `text`, which belongs to the post or message `identifier`."""
    parts: list[str] = []
    links: list[dict[str, Any]] = []
    end = 0
    for found in _LIBRARY.extract_urls_with_indices(text):
        start, stop = found["indices"]
        parts.append(text[end:start])
        at = sum(map(len, parts))
        links.append(_link(found["url"], mix(identifier + start), at=at))
        parts.append(links[-1]["url"])
        end = stop
    return ShownText("".join([*parts, text[end:]]), tuple(links))


def escaped(text: str) -> str:
    """Write `text` as the API gives posts back: with &, < and > as HTML entities."""
    return html.escape(text, quote=False)


def _link(url: str, code: int, *, at: int) -> dict[str, Any]:
    letters = "".join(_LETTERS[(code >> shift) % 62] for shift in range(0, 60, 6))
    short = f"https://t.co/{letters}"
    bare = re.sub(r"^https?://(www\.)?", "", url)
    return {
        "start": at,
        "end": at + len(short),
        "url": short,
        "expanded_url": url if "://" in url else f"http://{url}",
        "display_url": bare if len(bare) <= SHOWN_OF_LINK else bare[:SHOWN_OF_LINK] + "…",
    }


def pieces(text: str) -> list[tuple[str, str]]:
    """Split `text` for a page: each piece with the address it leads to, or with none."""
    found: list[tuple[str, str]] = []
    end = 0
    for link in _LIBRARY.extract_urls_with_indices(text):
        start, stop = link["indices"]
        url = link["url"]
        address = url if "://" in url else f"http://{url}"
        found += [(text[end:start], ""), (url, address)]
        end = stop
    return [piece for piece in [*found, (text[end:], "")] if piece[0]]
