"""What deliveries cost: this month's attempts of a service, by delivery."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal

from sqlalchemy import func, select

from webapp.deliveries.models import Attempt, Delivery, Message
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
    first = datetime.combine(costs.today(runtime).replace(day=1), time(), tzinfo=UTC)
    amount = func.sum(Attempt.cost)
    rows = runtime.session.execute(
        select(Delivery.id, Delivery.label, func.count(Attempt.id), amount)
        .join(Message, Message.delivery_id == Delivery.id)
        .join(Attempt, Attempt.message_id == Message.id)
        .where(Message.service_id == service.id, Attempt.started_at >= first, Attempt.cost > 0)
        .group_by(Delivery.id, Delivery.label)
        .order_by(amount.desc(), Delivery.id)
        .limit(MOST)
    )
    return [
        Line(delivery_id=number, label=label, calls=calls, amount=total or costs.NOTHING)
        for number, label, calls, total in rows
    ]
