"""What one message says to its recipient, part by part, as it will go out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from channels import Part
from webapp.audience.models import Visitor
from webapp.audience.readers import Reader
from webapp.deliveries import proofs, variants, why
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import ContentPart, Delivery
from webapp.kernel.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One part with its fields filled; `unfilled` says that some could not be."""

    part: Part
    subject: str = ""
    html: str = ""
    unfilled: bool = False


def wordings(runtime: Runtime, delivery: Delivery, message: InHand) -> list[Wording]:
    """Return the parts of a message as its recipient reads them."""
    person = proofs.data_of(runtime, delivery) if delivery.is_proof else message.visitor
    rows = variants.of_message(delivery, message.variant_id).parts
    address = partial(why.address, runtime.settings, message.id)
    return [_wording(delivery, row, person, address) for row in rows]


def _wording(
    delivery: Delivery,
    row: ContentPart,
    person: Visitor | Reader | None,
    address: Callable[[str], str],
) -> Wording:
    render = partial(texts.render, person=person, language=delivery.language, why=address)
    filled = [render(row.text), render(row.subject), render(row.html, html=True)]
    unfilled = any(found.unknown or (found.empty and not delivery.is_proof) for found in filled)
    text, subject, html = (found.text for found in filled)
    # What a person is called may have lines, and a subject has one.
    subject = " ".join(subject.split())
    part = Part(text=text, media=variants.media(row))
    return Wording(part=part, subject=subject, html=html, unfilled=unfilled)
