"""Disconnects an account once nothing goes out from it: with its keys goes every way to ask."""

from sqlalchemy import and_, exists, or_, select, text

from webapp.deliveries.models import ACTIVE, Delivery, DeliveryService, Message, MessageState
from webapp.deliveries.models.message import OPEN
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.models import Service

LEFT = (MessageState.PENDING, MessageState.SENDING)


@requires(Permission.ADMIN)
def disconnect(runtime: Runtime, service_id: int) -> Service:
    """Disconnect an account; raise `Conflict` while a delivery has something to send from it."""
    service = accounts.get(runtime, service_id)
    refuse_sending(runtime, service)
    accounts.remove(runtime, service_id)
    return service


def refuse_sending(runtime: Runtime, service: Service) -> None:
    """Raise `Conflict` while a delivery has something to send from an account."""
    delivery = _sending(runtime, service)
    if delivery is not None:
        raise Conflict(
            _(
                "“%(label)s” has something left to send from %(name)s."
                " Stop it first, or let it finish.",
                label=delivery.label,
                name=service.shown_name,
            )
        )


def unknown(runtime: Runtime, service: Service) -> int:
    """Count the messages of an account whose outcome could be asked for no more without keys."""
    # An index holds those alone that somebody waits for.
    query = select(Message.id).where(
        text(OPEN), Message.state == MessageState.UNKNOWN, Message.service_id == service.id
    )
    return len(runtime.session.scalars(query).all())


def _sending(runtime: Runtime, service: Service) -> Delivery | None:
    left = exists().where(
        Message.delivery_id == Delivery.id,
        Message.service_id == service.id,
        Message.state.in_(LEFT),
    )
    own = select(DeliveryService.delivery_id).where(DeliveryService.service_id == service.id)
    unwritten = and_(Delivery.unwritten_after.is_not(None), Delivery.id.in_(own))
    query = select(Delivery).where(Delivery.state.in_(ACTIVE), or_(left, unwritten))
    return runtime.session.scalar(query.order_by(Delivery.id).limit(1))
