"""What experiments know of a person: told in a copy for them, and of nobody after their wish.

What somebody did is found by their clicks and words. Those leave with the person, so what counts
of it is kept before, by the number of a message that names nobody any more. No figure changes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.audience.models import Visitor
from webapp.audience.places import Fate, Holding, additions_of
from webapp.experiments import arms, ledger, outcomes
from webapp.kernel.i18n import ngettext
from webapp.kernel.runtime import Runtime


def _rows(runtime: Runtime, visitor: Visitor) -> Iterator[Mapping[str, Any]]:
    for delivery, number in ledger.of_person(runtime, visitor.id).values():
        letters = {arm.variant_id or ledger.HELD_OUT: arm.letter for arm in arms.of(delivery)}
        yield {"delivery": delivery.label, "arm": letters.get(number, "")}


def _keep(runtime: Runtime, visitor: Visitor) -> None:
    messages = ledger.of_person(runtime, visitor.id)
    deliveries = {item.id: item for item, _arm in messages.values()}
    outcomes.keep_of_person(runtime, deliveries.values(), visitor.id)


HOLDINGS = (
    Holding(
        name="experiments",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext(
            "%(num)s experiment they are part of", "%(num)s experiments they are part of", n
        ),
        number=lambda runtime, who: len(ledger.of_person(runtime, who.id)),
        rows=_rows,
        erase=_keep,
    ),
)
# Before tracking and deliveries, by whose clicks and messages it is found who did what counts.
ADDITIONS = additions_of(HOLDINGS, rank=5)
