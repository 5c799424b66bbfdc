"""What one message says to its recipient, part by part, as it will go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from channels import Part
from webapp.deliveries import links, profile_fields, proofs, variants, why
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts.content import Rendered
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.links import Written
from webapp.deliveries.models import ContentPart, Delivery
from webapp.kernel.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One part with its fields filled; `unfilled` says that some could not be."""

    part: Part
    subject: str = ""
    html: str = ""
    # From each of our addresses in it to where that leads.
    links: Mapping[str, str] = field(default_factory=dict)
    unfilled: bool = False


def wordings(runtime: Runtime, delivery: Delivery, message: InHand) -> list[Wording]:
    """Return the parts of a message as its recipient reads them.

    The rows of links that are counted are written, so the caller commits before any call.
    """
    person = proofs.data_of(runtime, delivery) if delivery.is_proof else message.visitor
    rows = variants.of_message(delivery, message.variant_id).parts
    said = [text for row in rows for text in (row.text, row.subject, row.html)]
    if delivery.is_proof:
        profile = profile_fields.of_person(runtime, said, proofs.data_of(runtime, delivery))
    else:
        profile = profile_fields.of_reader(runtime, said, message)
    address = partial(why.address, runtime.settings, message.id, _remote_id(message))
    render = partial(
        texts.render,
        person=person,
        language=delivery.language,
        more=profile_fields.answering(profile, address),
    )
    filled = [(render(row.text), render(row.subject), render(row.html, html=True)) for row in rows]
    drafts = [links.Draft(text=text, html=html) for text, _subject, html in filled]
    written = links.written(runtime, delivery, message.service, drafts, message)
    return [_wording(runtime, delivery, *row) for row in zip(rows, filled, written, strict=True)]


def _remote_id(message: InHand) -> str:
    return message.visitor.remote_id if message.visitor else ""


def _wording(
    runtime: Runtime,
    delivery: Delivery,
    row: ContentPart,
    filled: Sequence[Rendered],
    written: Written,
) -> Wording:
    unfilled = any(found.unknown or (found.empty and not delivery.is_proof) for found in filled)
    return Wording(
        part=Part(text=written.text, media=variants.media(runtime, row)),
        # What a person is called may have lines, and a subject has one.
        subject=" ".join(filled[1].text.split()),
        html=written.html,
        links=written.links,
        unfilled=unfilled,
    )
