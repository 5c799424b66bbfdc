"""What reading the inbox again will cost for what the account itself wrote.

Networks list what an account wrote beside what it got, and charge for each thing they return.
"""

from typing import Any

from sqlalchemy import Select, func, or_, select

from webapp.deliveries.kinds import LISTENING
from webapp.deliveries.models import Delivery, DeliveryService, Message


def listens(delivery: Delivery) -> bool:
    """Tell whether the inbox is read for a delivery; a proof is listed, but nobody listens."""
    return delivery.kind.listens and not delivery.is_proof


def since_read(service: Any, mark: Any) -> Select[int]:
    """Count the account's direct messages that went out since its inbox was read."""
    return (
        select(func.count(Message.id))
        .join(Delivery, Message.delivery_id == Delivery.id)
        .where(
            Delivery.id.in_(deliveries_of(service)),
            Delivery.family.in_(LISTENING),
            or_(Delivery.finished_at.is_(None), Delivery.finished_at >= mark),
            Message.service_id == service,
            Message.changed_at >= mark,
            Message.sent_at >= mark,
        )
    )


def deliveries_of(service: Any) -> Select[int]:
    """Select the deliveries of an account."""
    return select(DeliveryService.delivery_id).where(DeliveryService.service_id == service)
