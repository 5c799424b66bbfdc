"""What stands beside the text while it is written: preview, checks, cost, end, proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from channels import Finding, Level, Price
from webapp.audience.models import Visitor
from webapp.deliveries import proofs
from webapp.deliveries.analysis import rules as control
from webapp.deliveries.analysis.forecast import LimitLine
from webapp.deliveries.analysis.preview import Preview, draw
from webapp.deliveries.models import EDITABLE, Delivery
from webapp.deliveries.queries.progress import Progress, progress
from webapp.deliveries.targeting import target
from webapp.kernel.db import reading
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

GRAVITY = (Level.ERROR, Level.WARNING, Level.PASSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPosition:
    """The place of a preview: the key of a person or account, its number, and the total.

    `words` is a name that was looked for, `missed` that nobody of the target has it.
    """

    key: int = 0
    number: int = 1
    total: int = 0
    words: str = ""
    missed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveReview:
    """The draft as it would go out now; `proofs` has those that matter, each with its state.

    `became` tells of a delivery that was confirmed how far it is instead.
    """

    facts: control.Facts
    findings: Sequence[Finding]
    preview: Preview
    place: PreviewPosition
    proofs: Sequence[tuple[Delivery, str]]
    became: Progress | None
    # What a proof costs; `None` where nothing is charged for it.
    proof_price: Price | None

    @property
    def binds(self) -> LimitLine | None:
        """The limit that decides when it ends."""
        lines = self.facts.forecast.limits if self.facts.forecast else ()
        return next((line for line in lines if line.binds), None)

    def worst(self, step: str) -> str:
        """Return the gravest level found about a step; empty when nothing was found."""
        found = {item.level for item in self.findings if item.step == step}
        return next((level.value for level in GRAVITY if level in found), "")

    def number(self, level: str) -> int:
        """Count the findings of a level."""
        return sum(item.level.value == level for item in self.findings)


@requires(Permission.VIEW)
def review_draft(
    runtime: Runtime,
    delivery: Delivery,
    place: PreviewPosition,
    way: str = "at",
    oldest: timedelta = timedelta(),
) -> LiveReview:
    """Count, check, price and preview a draft; nothing of it is stored.

    The figures of a large target may be as old as `oldest`.
    """
    facts = control.gather(runtime, delivery, oldest)
    seen, shown = _preview(runtime, delivery, place, way, facts.counts.eligible)
    return LiveReview(
        facts=facts,
        findings=control.findings(runtime, facts),
        preview=shown,
        place=seen,
        proofs=proofs.leading(runtime, delivery),
        became=None if facts.to_come else progress(runtime, delivery),
        proof_price=proofs.price(runtime, delivery),
    )


@requires(Permission.VIEW)
def errors(runtime: Runtime, delivery: Delivery) -> list[Finding]:
    """Return what the checks call an error now; nothing of what may not be edited any more."""
    if delivery.state not in EDITABLE:
        return []
    with reading():
        found = control.findings(runtime, control.gather(runtime, delivery))
    return [item for item in found if item.level is Level.ERROR]


def _preview(
    runtime: Runtime, delivery: Delivery, place: PreviewPosition, way: str, total: int
) -> tuple[PreviewPosition, Preview]:
    if not delivery.kind.to_people:
        return _as_account(runtime, delivery, place, way)
    account = next(iter(delivery.services), None)
    person, number = _person(runtime, delivery, place, way)
    found = target.named(runtime, delivery, place.words) if place.words else None
    if found:
        person, number = found, target.number_of(runtime, delivery, found)
    where = PreviewPosition(
        key=person.id if person else 0,
        number=max(1, min(number, total or 1)),
        total=total,
        words=place.words,
        missed=bool(place.words) and found is None,
    )
    return where, draw(runtime, delivery, account, person)


def _person(
    runtime: Runtime, delivery: Delivery, place: PreviewPosition, way: str
) -> tuple[Visitor | None, int]:
    """Find who is next, before or at the place; past either end it starts over."""
    found = target.person(runtime, delivery, place.key, way)
    if found is None or not place.key:
        return found or target.person(runtime, delivery), 1
    return found, place.number + {"before": -1, "after": 1}.get(way, 0)


def _as_account(
    runtime: Runtime, delivery: Delivery, place: PreviewPosition, way: str
) -> tuple[PreviewPosition, Preview]:
    accounts = list(delivery.services)
    keys = [account.id for account in accounts]
    at = keys.index(place.key) if place.key in keys else 0
    at += {"before": -1, "after": 1}.get(way, 0)
    account = accounts[at % len(accounts)] if accounts else None
    where = PreviewPosition(
        key=account.id if account else 0,
        number=at % len(accounts) + 1 if accounts else 1,
        total=len(accounts),
    )
    return where, draw(runtime, delivery, account)
