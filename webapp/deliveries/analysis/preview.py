"""What one reader sees: the account that speaks, and the text in pieces that networks draw apart.

`templates/deliveries/_preview.html` draws a `Preview` with the template of its channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from channels import Piece
from webapp.audience.models import Visitor
from webapp.deliveries import links, profile_fields, variants, why
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts.content import Rendered
from webapp.deliveries.links import Written
from webapp.deliveries.models import ContentPart, Delivery, Shown
from webapp.deliveries.pieces import pieces
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.naming import written
from webapp.services.models import Service


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
    # The pictures below its text, in their order.
    media: Sequence[Shown] = ()

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

    Of several variants it is the one that this person, or this account, has. Links that are counted
    stand there as they will be sent, with numbers of nobody.
    """
    reader = person if delivery.kind.to_people else account
    chosen = variants.chosen(delivery, reader.id) if reader else None
    rows = variants.of_message(delivery, chosen).parts
    said = [_text(delivery, row) for row in rows]
    drafts = [links.Draft(text=_filled(runtime, text, person)) for text in said]
    written = links.written(runtime, delivery, account, drafts)
    pictures = [tuple(Shown.of(item) for item in row.media) for row in rows]
    first, *further = [
        replace(_preview(runtime, text, account, person, row), media=shown)
        for text, row, shown in zip(said, written, pictures, strict=True)
    ]
    return replace(first, further=further)


def _text(delivery: Delivery, part: ContentPart) -> Text:
    return Text(
        channel=delivery.channel,
        direct=delivery.kind.to_people,
        content=part.text,
        language=delivery.language,
    )


def _filled(runtime: Runtime, text: Text, person: Visitor | None) -> Rendered:
    """Return a text with the fields of a person filled; without one they stay open."""
    if person is None:
        return Rendered(text=text.content.strip())
    address = partial(why.example, runtime.settings)
    told = profile_fields.of_person(runtime, [text.content], person)
    more = profile_fields.answering(told, address)
    return texts.render(text.content, person, text.language, more=more)


def of_text(
    runtime: Runtime, text: Text, account: Service | None, person: Visitor | None
) -> Preview:
    """Return a text from an account, with the fields of `person` filled."""
    filled = Written(text=_filled(runtime, text, person).text)
    return _preview(runtime, text, account, person, filled)


def _preview(
    runtime: Runtime, text: Text, account: Service | None, person: Visitor | None, written: Written
) -> Preview:
    live = account.account if account else {}
    return Preview(
        channel=text.channel,
        direct=text.direct,
        name=str(live.get("name") or (account.label if account else "")),
        handle=account.bare_name if account else "",
        avatar_url=live.get("avatar_url"),
        person=person if text.direct else None,
        text=written.text,
        pieces=[
            # What is shown leads where it will lead: its own address is of nobody yet.
            replace(piece, address=written.links.get(piece.address, piece.address))
            for piece in pieces(runtime, text.channel, written.text)
        ],
    )
