"""What one reader sees: the account that speaks, and the text in pieces that networks draw apart.

`templates/deliveries/_preview.html` draws a `Preview` with the template of its channel.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.audience.models import Visitor
from webapp.deliveries import content as texts
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.services.models import Service

PIECES = re.compile(
    rf"(?P<link>{texts.LINK.pattern})|(?P<mention>(?<![\w@])@\w+)|(?P<tag>(?<![\w&#])[#$][^\W\d]\w*)"
)
SCHEME = re.compile(r"^https?://(?:www\.)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a text; `kind` is `text`, `link`, `mention` or `tag`."""

    kind: str
    text: str

    @property
    def short(self) -> str:
        """The text as most networks show it: a link without its scheme."""
        return SCHEME.sub("", self.text) if self.kind == "link" else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A message as `person` reads it, or a post of an account; `handle` is without its prefix."""

    channel: str
    direct: bool
    name: str
    handle: str
    avatar_url: str | None
    person: Visitor | None
    text: str

    @property
    def pieces(self) -> Sequence[Piece]:
        """The text, cut where networks draw links, mentions and tags."""
        return list(pieces(self.text))


def draw(delivery: Delivery, account: Service | None, person: Visitor | None = None) -> Preview:
    """Return the text of a delivery from an account, with the fields of `person` filled."""
    live = account.account if account else {}
    direct = delivery.kind is DeliveryKind.DIRECT
    filled = texts.render(delivery.content, person).text if person else delivery.content.strip()
    return Preview(
        channel=delivery.channel,
        direct=direct,
        name=str(live.get("name") or (account.label if account else "")),
        handle=account.internal_name if account else "",
        avatar_url=live.get("avatar_url"),
        person=person if direct else None,
        text=filled,
    )


def pieces(text: str) -> Iterator[Piece]:
    """Cut a text into its pieces; together they are the text again."""
    done = 0
    for found in PIECES.finditer(text):
        if found.start() > done:
            yield Piece(kind="text", text=text[done : found.start()])
        yield Piece(kind=str(found.lastgroup), text=found[0])
        done = found.end()
    if done < len(text):
        yield Piece(kind="text", text=text[done:])
