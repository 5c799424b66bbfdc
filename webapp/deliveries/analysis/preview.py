"""What one reader sees: the account that speaks, and the text in pieces that networks draw apart.

`templates/deliveries/_preview.html` draws a `Preview` with the template of its channel.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from channels import Piece
from webapp.audience.models import Visitor
from webapp.deliveries import variants, why
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.models import ContentPart, Delivery
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.naming import written
from webapp.services.channel import declared
from webapp.services.models import Service

PIECES = re.compile(
    rf"(?P<link>{texts.LINK.pattern})|(?P<mention>(?<![\w@])@\w+)|(?P<tag>(?<![\w&#])[#$][^\W\d]\w*)"
)
SCHEME = re.compile(r"^https?://(?:www\.)?")


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
    pieces: Sequence[Piece]
    # The parts behind the first one, as they follow each other.
    further: Sequence["Preview"] = ()

    @property
    def shown_handle(self) -> str:
        """The handle as people write it; empty where no account is chosen."""
        return written(self.channel, self.handle) if self.handle else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is to be read: a text with its fields, for a channel, to one person or to everybody."""

    channel: str
    direct: bool
    content: str
    # Of what the core writes into it.
    language: str


@requires(Permission.VIEW)
def draw(
    runtime: Runtime, delivery: Delivery, account: Service | None, person: Visitor | None = None
) -> Preview:
    """Return what a delivery says from an account, with the fields of `person` filled.

    Of several variants it is the one that this person, or this account, has.
    """
    reader = person if delivery.kind.to_people else account
    chosen = variants.chosen(delivery, reader.id) if reader else None
    rows = variants.of_message(delivery, chosen).parts
    first, *further = [of_text(runtime, _text(delivery, row), account, person) for row in rows]
    return replace(first, further=further)


def _text(delivery: Delivery, part: ContentPart) -> Text:
    return Text(
        channel=delivery.channel,
        direct=delivery.kind.to_people,
        content=part.text,
        language=delivery.language,
    )


def of_text(
    runtime: Runtime, text: Text, account: Service | None, person: Visitor | None
) -> Preview:
    """Return a text from an account, with the fields of `person` filled."""
    live = account.account if account else {}
    filled = text.content.strip()
    if person:
        address = partial(why.example, runtime.settings)
        filled = texts.render(text.content, person, text.language, why=address).text
    return Preview(
        channel=text.channel,
        direct=text.direct,
        name=str(live.get("name") or (account.label if account else "")),
        handle=account.bare_name if account else "",
        avatar_url=live.get("avatar_url"),
        person=person if text.direct else None,
        text=filled,
        pieces=pieces(runtime, text.channel, filled),
    )


def pieces(runtime: Runtime, kind: str, text: str) -> Sequence[Piece]:
    """Cut a text as its channel does, or else as most networks; nothing is left out."""
    channel = runtime.registry.get(kind) if runtime.registry.has(kind) else None
    found = declared.pieces(channel, text)
    return list(plain_pieces(text)) if found is None else found


@requires(Permission.VIEW)
def links(runtime: Runtime, delivery: Delivery) -> list[Piece]:
    """Return the links of all that a delivery says, in their order, each once."""
    found = [
        piece
        for text in delivery.texts
        for piece in pieces(runtime, delivery.channel, text)
        if piece.kind == "link"
    ]
    return list({piece.address: piece for piece in found}.values())


def plain_pieces(text: str) -> Iterator[Piece]:
    """Cut a text where most networks draw links, mentions and tags."""
    done = 0
    for found in PIECES.finditer(text):
        if found.start() > done:
            yield Piece(kind="text", text=text[done : found.start()])
        yield _piece(str(found.lastgroup), found[0])
        done = found.end()
    if done < len(text):
        yield Piece(kind="text", text=text[done:])


def _piece(kind: str, text: str) -> Piece:
    if kind != "link":
        return Piece(kind=kind, text=text)
    return Piece(kind=kind, text=text, address=text, short=SCHEME.sub("", text))
