"""The waves of a delivery: days that follow each other from when it began, and what went out."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.kernel.runtime import Runtime

DAY = timedelta(days=1)


def wave_begins(began: datetime, at: datetime) -> datetime:
    """Return when the wave of a moment began, for a delivery that began at `began`."""
    return began + (at - began) // DAY * DAY


def wave_ends(began: datetime, at: datetime) -> datetime:
    """Return when the wave of a moment is over."""
    return wave_begins(began, at) + DAY


def sent_since(runtime: Runtime, delivery: Delivery, begins: datetime) -> int:
    """Count the messages of a delivery that went out since a moment, or began to."""
    return runtime.session.scalar(sent_query(delivery.id, begins)) or 0


def sent_query(delivery: Any, begins: Any) -> Select[int]:
    """Count them in SQL.

    A thread of which a part is out has its place in the wave, whatever becomes of the others; what
    is under way, or unknown, is counted by whoever minds that.
    """
    settled = Message.state.not_in((MessageState.SENDING, MessageState.UNKNOWN))
    began = and_(Message.sent_at.is_(None), Message.parts_sent > 0, settled)
    # A message that was sent since also changed since, and for that there is an index.
    return select(func.count(Message.id)).where(
        Message.delivery_id == delivery,
        Message.changed_at >= begins,
        or_(Message.sent_at >= begins, began),
    )
