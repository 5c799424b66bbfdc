"""What reading the inbox again will cost for what the account itself wrote.

Networks list what an account wrote beside what it got, and charge for each thing they return.
"""

from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from webapp.deliveries.kinds import LISTENING
from webapp.deliveries.models import Delivery, DeliveryService, Message


def listens(delivery: Delivery) -> bool:
    """Tell whether the inbox is read for a delivery; a proof is listed, but nobody listens."""
    return delivery.kind.listens and not delivery.is_proof


def since_read(service: Any, mark: Any) -> Select[int]:
    """Count what of the account's direct messages went out since its inbox was read: their parts.

    Of those that are not all out yet, each part counts that may have gone out since then.
    """
    parts = case((Message.parts_sent > 1, Message.parts_sent), else_=1)
    began = and_(Message.sent_at.is_(None), Message.parts_sent > 0)
    return (
        select(func.coalesce(func.sum(parts), 0))
        .join(Delivery, Message.delivery_id == Delivery.id)
        .where(
            Delivery.id.in_(deliveries_of(service)),
            Delivery.family.in_(LISTENING),
            or_(Delivery.finished_at.is_(None), Delivery.finished_at >= mark),
            Message.service_id == service,
            Message.changed_at >= mark,
            or_(Message.sent_at >= mark, began),
        )
    )


def deliveries_of(service: Any) -> Select[int]:
    """Select the deliveries of an account."""
    return select(DeliveryService.delivery_id).where(DeliveryService.service_id == service)
