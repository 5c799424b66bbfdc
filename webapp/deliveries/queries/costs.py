"""What deliveries cost: this month's calls of a service that send or delete, by delivery."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from webapp.deliveries.models import Attempt, Deletion, Delivery, Message
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The calls of one delivery in a month and their sum."""

    delivery_id: int
    label: str
    calls: int
    amount: Decimal


def by_delivery(runtime: Runtime, service: Service) -> list[Line]:
    """Return the dearest deliveries of this month; a proof counts by itself."""
    found: dict[int, Line] = {}
    for row in (Attempt, Deletion):
        for number, label, calls, total in runtime.session.execute(_dearest(runtime, service, row)):
            known = found.get(number)
            found[number] = Line(
                delivery_id=number,
                label=label,
                calls=calls + (known.calls if known else 0),
                amount=total + (known.amount if known else costs.NOTHING),
            )
    return sorted(found.values(), key=lambda line: (-line.amount, line.delivery_id))[:MOST]


def _dearest(runtime: Runtime, service: Service, row: type[Attempt] | type[Deletion]) -> Any:
    """Select the deliveries whose calls of one kind cost most this month."""
    first = datetime.combine(costs.today(runtime).replace(day=1), time(), tzinfo=UTC)
    amount = func.sum(row.cost)
    query = select(Delivery.id, Delivery.label, func.count(row.id), amount)
    query = query.join(Message, Message.delivery_id == Delivery.id)
    query = query.join(Attempt, Attempt.message_id == Message.id)
    if row is Deletion:
        query = query.join(Deletion, Deletion.attempt_id == Attempt.id)
    return (
        query.where(Message.service_id == service.id, row.started_at >= first, row.cost > 0)
        .group_by(Delivery.id, Delivery.label)
        .order_by(amount.desc(), Delivery.id)
        .limit(MOST)
    )
