"""How long messages are kept after their delivery is over; its figures are kept before they go."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from webapp.deliveries import counts
from webapp.deliveries.models import Delivery, DeliveryState, Message
from webapp.kernel.retention import HALF_A_YEAR, Rule

OVER = (DeliveryState.FINISHED, DeliveryState.STOPPED)


def _old(before: datetime) -> ColumnElement[bool]:
    over = select(Delivery.id).where(Delivery.state.in_(OVER), Delivery.finished_at < before)
    return Message.delivery_id.in_(over)


RULES = (
    Rule(
        name="messages",
        model=Message,
        age=HALF_A_YEAR,
        old=_old,
        before=counts.keep_before_clean_up,
    ),
)
