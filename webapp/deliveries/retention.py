"""How long messages are kept after their delivery is over; its counters stay."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from webapp.deliveries import counters
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.retention import Rule


def _old(before: datetime) -> ColumnElement[bool]:
    return Message.delivery_id.in_(select(Delivery.id).where(counters.over_since(before)))


RULES = (Rule(name="messages", model=Message, age=counters.KEPT, old=_old),)
