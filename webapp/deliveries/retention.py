"""How long messages are kept after their delivery is over; its counters stay."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from webapp.deliveries import counters
from webapp.deliveries.models import ChannelEvent, Delivery, Message
from webapp.deliveries.places import LEAVING
from webapp.kernel.retention import HALF_A_YEAR, Rule


def _old(before: datetime) -> ColumnElement[bool]:
    return Message.delivery_id.in_(select(Delivery.id).where(counters.over_since(before)))


RULES = (
    Rule(name="messages", model=Message, age=counters.KEPT, old=_old, first=LEAVING.ask),
    Rule(
        name="events",
        model=ChannelEvent,
        age=HALF_A_YEAR,
        old=lambda before: (
            (ChannelEvent.received_at < before) & ChannelEvent.applied_at.is_not(None)
        ),
    ),
)
