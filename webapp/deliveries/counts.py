"""The figures of deliveries: messages by state and what they cost, for many deliveries at once.

They are read from counters, so that no page counts messages, and clean-up takes nothing from them.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, case, func, literal, select, union_all

from webapp.deliveries import reasons
from webapp.deliveries.counters import ARRIVALS, COMPLAINED, TAKEN_BACK
from webapp.deliveries.models import (
    OVER,
    Delivery,
    DeliveryService,
    Message,
    MessageCount,
    MessageState,
)
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

Counts = dict[str, int]
HALF_OUT = "half_out"
# The states of messages, and of those that were not left out.
EVERY = tuple(state.value for state in MessageState)
MEANT = tuple(state for state in EVERY if state != MessageState.IGNORED)
STATES = (*EVERY, *ARRIVALS, TAKEN_BACK, COMPLAINED, HALF_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many messages of a delivery are in each state, and what they cost so far.

    `taken_back` counts the published posts that an operator had deleted again, `arrivals` of what
    went out how much a network only took over so far, delivered, or could not deliver.
    """

    counts: dict[str, int]
    cost: Decimal
    taken_back: int = 0
    arrivals: dict[str, int] = field(default_factory=dict)
    # How many ended half-way, with parts that stand, and how many somebody called unwanted.
    half_out: int = 0
    complained: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """How many messages went wrong, by the names of faults that wait to be settled."""
        return {
            "failed": self.counts["failed"],
            "half_out": self.half_out,
            "unknown": self.counts["unknown"],
            "bounced": self.arrivals.get("bounced", 0),
            "complained": self.complained,
        }

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
    """Return the figures of each delivery, in one query however many there are."""
    found: dict[int, Counts] = {key: dict.fromkeys(STATES, 0) for key in ids}
    costs = dict.fromkeys(ids, Decimal(0))
    for key, state, reason, number, cost in runtime.session.execute(_rows(ids)):
        found[key][state] = found[key].get(state, 0) + number
        if reason in reasons.HALF_OUT:
            found[key][HALF_OUT] += number
        costs[key] += cost
        if state == MessageState.SENDING:
            found[key][MessageState.PENDING] -= number
    return {
        key: Figures(
            taken_back=counts.pop(TAKEN_BACK),
            half_out=counts.pop(HALF_OUT),
            complained=counts.pop(COMPLAINED),
            arrivals={name: counts.pop(name) for name in ARRIVALS},
            counts=counts,
            cost=costs[key],
        )
        for key, counts in found.items()
    }


def _rows(ids: Sequence[int]) -> CompoundSelect[Any]:
    """Select the counters and, as they stand in the same moment, what no counter has.

    The messages in hand are counted as pending, and every worker has at most one of them. Messages
    that are still to be written are where they will be: pending, or cancelled once it was stopped.
    """
    kept = select(
        MessageCount.delivery_id,
        MessageCount.state,
        MessageCount.reason,
        MessageCount.number,
        MessageCount.cost,
    )
    nothing = literal(Decimal(0), MessageCount.cost.type)
    sending = literal(MessageState.SENDING.value)
    hand = select(Message.delivery_id, sending, literal(""), literal(1), nothing)
    return union_all(
        kept.where(MessageCount.delivery_id.in_(ids)),
        hand.where(Message.delivery_id.in_(ids), Message.state == MessageState.SENDING),
        _unwritten(ids, nothing),
    )


def _unwritten(ids: Sequence[int], nothing: ColumnElement[Decimal]) -> Select[Any]:
    """Select how many messages are confirmed and not written yet."""
    confirmed = Delivery.analysis["eligible"].as_integer()
    there = written(Delivery.id, MEANT).scalar_subquery()
    ended = Delivery.state.in_(OVER)
    return select(
        Delivery.id,
        case((ended, literal(MessageState.CANCELLED.value)), else_=MessageState.PENDING.value),
        literal(""),
        case((confirmed > there, confirmed - there), else_=0),
        nothing,
    ).where(Delivery.id.in_(ids), Delivery.unwritten_after.is_not(None))


def written(delivery_id: Any, states: Collection[str] = EVERY) -> Select[int]:
    """Count the messages that are written, of those in such a state now."""
    counted = func.coalesce(func.sum(MessageCount.number), 0)
    return select(counted).where(
        MessageCount.delivery_id == delivery_id, MessageCount.state.in_(states)
    )


def waiting_by_account(runtime: Runtime, ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Return how many messages of deliveries wait, by delivery and account.

    A delivery of many messages has one account, and one from many accounts has a message for each:
    so the counter tells the one, and the messages are looked at for the other.
    """
    accounts: dict[int, list[int]] = {}
    own = select(DeliveryService.delivery_id, DeliveryService.service_id)
    rows = runtime.session.execute(own.where(DeliveryService.delivery_id.in_(ids)))
    for key, service_id in rows:
        accounts.setdefault(key, []).append(service_id)
    several = [key for key, services in accounts.items() if len(services) > 1]
    found: Counter[tuple[int, int]] = Counter()
    single = figures_of(runtime, [key for key, services in accounts.items() if len(services) == 1])
    for key, figures in single.items():
        found[key, accounts[key][0]] = figures.counts["pending"]
    lines = select(Message.delivery_id, Message.service_id).where(
        Message.delivery_id.in_(several), Message.state == MessageState.PENDING
    )
    found.update((key, service_id) for key, service_id in runtime.session.execute(lines))
    return dict(found)


@requires(Permission.VIEW)
def by_reason(runtime: Runtime, delivery_id: int, state: MessageState) -> list[tuple[str, int]]:
    """Return how many messages ended in a state for each reason, the commonest first."""
    rows = select(MessageCount.reason, MessageCount.number).where(
        MessageCount.delivery_id == delivery_id,
        MessageCount.state == state.value,
        MessageCount.number > 0,
    )
    found = [(reason, number) for reason, number in runtime.session.execute(rows)]
    return sorted(found, key=lambda item: (-item[1], item[0]))
