"""What reading the inbox again will cost for what the account itself wrote.

Networks list what an account wrote beside what it got, and charge for each thing they return.
"""

from decimal import Decimal

from sqlalchemy import Select, func, or_, select

from channels import Operation
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryService, Message
from webapp.kernel.runtime import Runtime
from webapp.services import costs


def cost(runtime: Runtime, delivery: Delivery, message: Message) -> Decimal:
    """Return what the next reading of the inbox costs at least, for this message and those before.

    A proof is listed as well, but nobody listens for it.
    """
    each = price(runtime, message) if _listens(delivery) else costs.NOTHING
    return each * (1 + _since_read(runtime, message)) if each else costs.NOTHING


def _listens(delivery: Delivery) -> bool:
    return delivery.kind is DeliveryKind.DIRECT and not delivery.is_proof


def price(runtime: Runtime, message: Message) -> Decimal:
    """Return what the inbox of a message's account costs for each thing it lists."""
    if runtime.registry.get(message.service.kind).inbox is None:
        return costs.NOTHING
    found = costs.price_of(runtime, message.service, Operation.INBOX)
    return found.amount if found else costs.NOTHING


def _since_read(runtime: Runtime, message: Message) -> int:
    """Count the account's direct messages that went out since its inbox was read."""
    mark = message.service.inbox_read_at
    if mark is None:
        return 0
    query = (
        select(func.count(Message.id))
        .join(Delivery, Message.delivery_id == Delivery.id)
        .where(
            Delivery.id.in_(deliveries_of(message)),
            Delivery.kind == DeliveryKind.DIRECT,
            or_(Delivery.finished_at.is_(None), Delivery.finished_at >= mark),
            Message.service_id == message.service_id,
            Message.changed_at >= mark,
            Message.sent_at >= mark,
        )
    )
    return runtime.session.scalar(query) or 0


def deliveries_of(message: Message) -> Select[int]:
    """Select the deliveries of a message's account."""
    return select(DeliveryService.delivery_id).where(
        DeliveryService.service_id == message.service_id
    )
