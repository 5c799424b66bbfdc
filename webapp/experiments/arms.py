"""The arms of an experiment, as pages and verdicts call them."""

from dataclasses import dataclass
from textwrap import shorten

from webapp.deliveries.models import Delivery

LETTERS = "ABCD"
NOBODY = "0"
OPENING = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A text that a share of the people gets; `NOBODY` is for those who get nothing."""

    letter: str
    share: int
    opening: str = ""
    variant_id: int | None = None


def of(delivery: Delivery) -> list[Arm]:
    """Return the arms of an experiment, the held out ones last; none where it is none."""
    if delivery.plan is None:
        return []
    found = [
        Arm(
            letter=letter,
            share=row.weight,
            opening=shorten(row.parts[0].text, OPENING, placeholder=" …"),
            variant_id=row.id,
        )
        for letter, row in zip(LETTERS, delivery.variants, strict=False)
    ]
    if delivery.plan.held_out:
        found.append(Arm(letter=NOBODY, share=delivery.plan.held_out))
    return found
