"""X's rules about text, in one reading: weight, links, mentions, hashtags, cashtags.

What measures, finds and prices links is what draws them, so that no page and no bill differs.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from plugins.x.texts import tags
from plugins.x.texts.links import Link, links
from plugins.x.texts.weights import weigh

POST_LIMIT = 280
DIRECT_LIMIT = 10_000
SCHEME = re.compile(r"[hH][tT][tT][pP][sS]?://")


class Entity(NamedTuple):
    """A part of a text that X draws apart: `link`, `mention`, `hashtag`, `cashtag`; or `text`."""

    kind: str
    start: int
    end: int
    text: str

    @property
    def address(self) -> str:
        """Where a link leads; a bare one, which may begin with a hyphen, gets a scheme."""
        if self.kind != "link":
            return ""
        return self.text if SCHEME.match(self.text) else f"http://{self.text.lstrip('-')}"

    @property
    def short(self) -> str:
        """A link as X shows it, without its scheme; anything else as it is."""
        if self.kind != "link":
            return self.text
        scheme = SCHEME.match(self.text)
        return self.text[scheme.end() if scheme else 0 :].removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in the form X counts and shows (NFC), its weight, and what X draws apart in it."""

    text: str
    weight: int
    entities: Sequence[Entity]

    def of(self, kind: str) -> list[Entity]:
        """Return the entities of a kind."""
        return [entity for entity in self.entities if entity.kind == kind]

    def named(self, kind: str) -> list[str]:
        """Return what is written in the entities of a kind."""
        return [entity.text for entity in self.of(kind)]

    def pieces(self) -> Iterator[Entity]:
        """Cut the text; the pieces together are the text again."""
        at = 0
        for entity in self.entities:
            if entity.start > at:
                yield _entity("text", self.text, at, entity.start)
            yield entity
            at = entity.end
        if at < len(self.text):
            yield _entity("text", self.text, at, len(self.text))


@lru_cache(maxsize=512)
def read(text: str) -> Reading:
    """Read a text as X does."""
    normal = unicodedata.normalize("NFC", text)
    addresses = list(links(normal))
    return Reading(normal, weigh(normal, addresses), _entities(normal, addresses))


def _entities(text: str, addresses: Sequence[Link]) -> Sequence[Entity]:
    """Return the entities in their order. X weighs and charges for every link, so each is drawn."""
    found = {
        "mention": tags.mentions(text),
        "hashtag": tags.hashtags(text),
        "cashtag": tags.cashtags(text),
    }
    starts = [link.start for link in addresses]
    entities = [_entity("link", text, link.start, link.end) for link in addresses]
    entities += [
        _entity(kind, text, *span)
        for kind, spans in found.items()
        for span in spans
        if _apart(span, addresses, starts)
    ]
    return tuple(sorted(entities, key=lambda one: one.start))


def _entity(kind: str, text: str, start: int, end: int) -> Entity:
    return Entity(kind, start, end, text[start:end])


def _apart(span: tags.Span, addresses: Sequence[Link], starts: Sequence[int]) -> bool:
    """Tell whether a span shares no sign with a link; `starts` is where the links begin."""
    after = bisect_right(starts, span.start)
    if after and addresses[after - 1].end > span.start:
        return False
    return after == len(starts) or span.end <= starts[after]


def weighted(text: str) -> int:
    """Return X's weighted length: a link is 23, most letters 1, CJK and emoji 2."""
    return read(text).weight


def has_link(text: str) -> bool:
    """Tell whether X will see a link in the text, which costs more."""
    return bool(read(text).of("link"))


def cashtags(text: str) -> list[str]:
    """Return the cashtags of a text."""
    return read(text).named("cashtag")


def mentions(text: str) -> list[str]:
    """Return the accounts a text mentions."""
    return read(text).named("mention")
