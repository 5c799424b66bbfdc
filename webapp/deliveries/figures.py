"""The figures of deliveries: messages by state and what they cost, for many deliveries at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.kernel.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many messages of a delivery are in each state, and what they cost so far.

    `taken_back` counts the published posts that an operator had deleted again.
    """

    counts: dict[str, int]
    cost: Decimal
    taken_back: int = 0

    @property
    def total(self) -> int:
        """How many messages there are, without those left out."""
        return sum(self.counts.values()) - self.counts["ignored"]

    @property
    def sent(self) -> int:
        """How many went out."""
        return self.counts["sent"]

    @property
    def stands(self) -> int:
        """How many of those stand on their networks now, as far as Fanfare knows."""
        return self.sent - self.taken_back

    @property
    def to_go(self) -> int:
        """How many still have to go out."""
        return self.counts["pending"] + self.counts["sending"]

    @property
    def percent(self) -> int:
        """How much of the whole went out."""
        return 100 * self.sent // self.total if self.total else 0


def figures_of(runtime: Runtime, ids: Sequence[int]) -> dict[int, Figures]:
    """Return the figures of each delivery, in two queries however many there are."""
    counts = {key: dict.fromkeys((state.value for state in MessageState), 0) for key in ids}
    back = dict.fromkeys(ids, 0)
    rows = runtime.session.execute(
        select(
            Message.delivery_id,
            Message.state,
            func.count(Message.id),
            func.count(Message.taken_back_at),
        )
        .where(Message.delivery_id.in_(ids))
        .group_by(Message.delivery_id, Message.state)
    )
    for key, state, number, taken_back in rows:
        counts[key][state.value] = number
        back[key] += taken_back
    costs = select(Delivery.id, Delivery.cost).where(Delivery.id.in_(ids))
    known = runtime.session.execute(costs)
    return {
        key: Figures(counts=counts[key], cost=cost, taken_back=back[key]) for key, cost in known
    }
