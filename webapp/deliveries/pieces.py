"""Cuts texts where networks draw links, mentions and tags: as their channel does, or plainly."""

import re
from collections.abc import Iterator, Sequence

from channels import Piece
from webapp.deliveries.drafts import content as texts
from webapp.kernel.runtime import Runtime
from webapp.services.channel import declared

PIECES = re.compile(
    rf"(?P<link>{texts.LINK.pattern})|(?P<mention>(?<![\w@])@\w+)|(?P<tag>(?<![\w&#])[#$][^\W\d]\w*)"
)
SCHEME = re.compile(r"^https?://(?:www\.)?")


def pieces(runtime: Runtime, kind: str, text: str) -> Sequence[Piece]:
    """Cut a text as its channel does, or else as most networks; nothing is left out."""
    channel = runtime.registry.get(kind) if runtime.registry.has(kind) else None
    found = declared.pieces(channel, text)
    return list(plain_pieces(text)) if found is None else found


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
