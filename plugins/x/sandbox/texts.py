"""X's rules of text: the weighted length, links that become short ones, cashtags."""

import html
import unicodedata
from typing import Any, NamedTuple

from plugins.x.sandbox.people import mix
from plugins.x.sandbox.state import Post
from plugins.x.texts import Entity, read

LONGEST_POST = 280
LONGEST_DIRECT = 10_000
# Longer addresses are shown cut.
SHOWN_OF_LINK = 26
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
    return read(text).weight


def has_link(text: str) -> bool:
    """Tell whether X would shorten something in `text`."""
    return bool(read(text).named("link"))


def cashtags(text: str) -> list[str]:
    """Return the cashtags in `text`."""
    return read(text).named("cashtag")


def shown(text: str, identifier: int) -> ShownText:
    """Shorten the links of `text`, which belongs to the post or message `identifier`."""
    reading = read(text)
    parts: list[str] = []
    links: list[dict[str, Any]] = []
    end = 0
    for link in reading.of("link"):
        parts.append(reading.text[end : link.start])
        at = sum(map(len, parts))
        links.append(_link(link, mix(identifier + link.start), at=at))
        parts.append(links[-1]["url"])
        end = link.end
    return ShownText("".join([*parts, reading.text[end:]]), tuple(links))


def with_media(text: ShownText, post: Post) -> ShownText:
    """Put a short link to its first picture behind the text of a post, as X does."""
    if not post.media:
        return text
    blank = " " if text.text else ""
    short = f"https://t.co/{_letters(mix(post.id))}"
    start = len(text.text) + len(blank)
    link = {
        "start": start,
        "end": start + len(short),
        "url": short,
        "expanded_url": f"https://x.com/i/status/{post.id}/photo/1",
        "display_url": f"pic.x.com/{short.rpartition('/')[2]}",
        "media_key": post.media[0].key,
    }
    return ShownText(text.text + blank + short, (*text.links, link))


def _letters(code: int) -> str:
    return "".join(_LETTERS[(code >> shift) % 62] for shift in range(0, 60, 6))


def escaped(text: str) -> str:
    """Write `text` as the API gives posts back: with &, < and > as HTML entities."""
    return html.escape(text, quote=False)


def _link(link: Entity, code: int, *, at: int) -> dict[str, Any]:
    short = f"https://t.co/{_letters(code)}"
    bare = link.short
    return {
        "start": at,
        "end": at + len(short),
        "url": short,
        "expanded_url": link.address,
        "display_url": bare if len(bare) <= SHOWN_OF_LINK else bare[:SHOWN_OF_LINK] + "…",
    }


def pieces(text: str) -> list[tuple[str, str]]:
    """Split `text` for a page: each piece with the address it leads to, or with none."""
    return [(piece.text, piece.address) for piece in read(text).pieces()]
