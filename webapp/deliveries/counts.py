"""The figures of deliveries: messages by state and what they cost, for many deliveries at once.

What a delivery came to is kept when it ends, so that no page counts it again and clean-up takes
nothing from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, delete, exists, func, insert, select

from webapp.deliveries.models import Delivery, DeliveryCount, Message, MessageState
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

Counts = dict[str, int]
# Beside the states of messages: the published posts that an operator had deleted again.
TAKEN_BACK = "taken_back"
# What may still become something else.
OPEN = frozenset({MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN})


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


@requires(Permission.VIEW)
def figures_of(runtime: Runtime, ids: Sequence[int]) -> dict[int, Figures]:
    """Return the figures of each delivery, in three queries however many there are.

    What is over was counted when it ended; only what moves is counted now.
    """
    found = _kept(runtime, ids)
    found |= _counted(runtime, [key for key in ids if key not in found])
    costs = select(Delivery.id, Delivery.cost).where(Delivery.id.in_(ids))
    return {
        key: Figures(
            counts={state.value: found[key].get(state.value, 0) for state in MessageState},
            cost=cost,
            taken_back=found[key].get(TAKEN_BACK, 0),
        )
        for key, cost in runtime.session.execute(costs)
    }


def _kept(runtime: Runtime, ids: Sequence[int]) -> dict[int, Counts]:
    found: dict[int, Counts] = {}
    query = select(DeliveryCount).where(DeliveryCount.delivery_id.in_(ids))
    rows = runtime.session.scalars(query.execution_options(populate_existing=True))
    for row in rows:
        found.setdefault(row.delivery_id, {})[row.state] = row.number
    return found


def _counted(runtime: Runtime, ids: Sequence[int]) -> dict[int, Counts]:
    found: dict[int, Counts] = {key: {} for key in ids}
    if not ids:
        return found
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
        found[key][state.value] = number
        if taken_back:
            found[key][TAKEN_BACK] = found[key].get(TAKEN_BACK, 0) + taken_back
    return found


def keep(runtime: Runtime, delivery_id: int, *, open_too: bool = False) -> None:
    """Keep the figures of a delivery that is over, for pages and beyond clean-up.

    As long as the outcome of a message is open they change, and are counted, unless `open_too`
    says that the messages go. The caller commits.
    """
    # Two at once would both write the same rows.
    locked = select(Delivery.id).where(Delivery.id == delivery_id).with_for_update()
    runtime.session.execute(locked)
    found = _counted(runtime, [delivery_id])[delivery_id]
    before = _kept(runtime, [delivery_id]).get(delivery_id, {})
    # Once clean-up took some of the messages, nobody can count them again.
    if _messages(found) < _messages(before):
        return
    gone = delete(DeliveryCount).where(DeliveryCount.delivery_id == delivery_id)
    runtime.session.execute(gone.execution_options(synchronize_session=False))
    if found and (open_too or OPEN.isdisjoint(found)):
        rows = [
            {"delivery_id": delivery_id, "state": state, "number": number}
            for state, number in found.items()
        ]
        runtime.session.execute(insert(DeliveryCount), rows)


def _messages(counts: Counts) -> int:
    return sum(number for state, number in counts.items() if state != TAKEN_BACK)


def keep_before_clean_up(runtime: Runtime, going: ColumnElement[bool]) -> None:
    """Keep the figures of each delivery whose messages of a condition go; the caller commits."""
    has = exists().where(Message.delivery_id == Delivery.id, going)
    kept = exists().where(DeliveryCount.delivery_id == Delivery.id)
    query = select(Delivery.id).where(has, ~kept).order_by(Delivery.id)
    for delivery_id in runtime.session.scalars(query.with_for_update()).all():
        keep(runtime, delivery_id, open_too=True)
