"""How far a delivery is: counts by state, cost so far, rate and expected end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from channels import Operation
from webapp.deliveries.forecast import gates as gates_of
from webapp.deliveries.forecast import play
from webapp.deliveries.models import Attempt, Delivery, DeliveryKind, Message, MessageState
from webapp.kernel.runtime import Runtime

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The figures of a delivery; `ends_at` is `None` when nothing is left or nobody knows."""

    counts: dict[str, int]
    cost: Decimal
    per_hour: int
    ends_at: datetime | None
    asks_at: datetime | None

    @property
    def total(self) -> int:
        """How many messages there are, without those left out."""
        return sum(self.counts.values()) - self.counts["ignored"]

    @property
    def sent(self) -> int:
        """How many went out."""
        return self.counts["sent"]

    @property
    def to_go(self) -> int:
        """How many still have to go out."""
        return self.counts["pending"] + self.counts["sending"]

    @property
    def percent(self) -> int:
        """How much of the whole went out."""
        return 100 * self.sent // self.total if self.total else 0


def progress(runtime: Runtime, delivery: Delivery) -> Progress:
    """Count the messages of a delivery and look ahead."""
    counts = _counts(runtime, delivery)
    left = counts["pending"] + counts["sending"]
    return Progress(
        counts=counts,
        cost=_cost(runtime, delivery),
        per_hour=_last_hour(runtime, delivery),
        ends_at=_end(runtime, delivery, left) if left and delivery.services else None,
        asks_at=_asks_at(runtime, delivery),
    )


def _counts(runtime: Runtime, delivery: Delivery) -> dict[str, int]:
    rows = runtime.session.execute(
        select(Message.state, func.count(Message.id))
        .where(Message.delivery_id == delivery.id)
        .group_by(Message.state)
    )
    found = {state.value: number for state, number in rows}
    return {state.value: found.get(state.value, 0) for state in MessageState}


def _cost(runtime: Runtime, delivery: Delivery) -> Decimal:
    total = runtime.session.scalar(
        select(func.sum(Attempt.cost)).join(Message).where(Message.delivery_id == delivery.id)
    )
    return Decimal(str(total)) if total is not None else Decimal(0)


def _last_hour(runtime: Runtime, delivery: Delivery) -> int:
    query = select(func.count(Message.id)).where(
        Message.delivery_id == delivery.id, Message.sent_at > runtime.now() - HOUR
    )
    return runtime.session.scalar(query) or 0


def _end(runtime: Runtime, delivery: Delivery, left: int) -> datetime:
    direct = delivery.kind is DeliveryKind.DIRECT
    operation = Operation.DIRECT if direct else Operation.POST
    limits = gates_of(runtime, delivery, delivery.services[0], operation)
    start = max(delivery.resume_at or runtime.now(), runtime.now())
    return play(limits, left, start)


def _asks_at(runtime: Runtime, delivery: Delivery) -> datetime | None:
    return runtime.session.scalar(
        select(func.min(Message.due_at)).where(
            Message.delivery_id == delivery.id, Message.state == MessageState.UNKNOWN
        )
    )
