"""All that a delivery says: every part of every variant, not only where one begins to read."""

from collections.abc import Iterator, Sequence

from webapp.deliveries.models import ContentPart, Delivery, DeliveryVariant


def parts(delivery: Delivery) -> list[ContentPart]:
    """Return the parts of all variants, in their order."""
    return [part for variant in delivery.variants for part in variant.parts]


def fillable(delivery: Delivery) -> Iterator[str]:
    """Yield whatever fields are filled in: texts, and subjects and HTML where there are any."""
    for part in parts(delivery):
        yield from (text for text in (part.text, part.subject, part.html) if text)


def joined(variant: DeliveryVariant) -> str:
    """Return a variant as one text: all that one reader gets."""
    return "\n\n".join(part.text for part in variant.parts)


def sayings(delivery: Delivery) -> list[Sequence[str]]:
    """Return the texts of each variant, those that are alike once, blanks around them aside.

    One that says nothing is left out: it repeats nobody.
    """
    found = (tuple(part.text.strip() for part in variant.parts) for variant in delivery.variants)
    return [texts for texts in dict.fromkeys(found) if any(texts)]
