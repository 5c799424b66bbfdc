"""Deliveries of which the messages are written in stretches, and what is there of them."""

from collections.abc import Iterator

from sqlalchemy import func, select

from webapp.deliveries.approval import recipients
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.runtime import Runtime

STRETCH = 3
# Two stretches, and a third that is not full.
PEOPLE = 8


def written(runtime: Runtime, delivery: Delivery) -> int:
    """Return how many messages of a delivery are there."""
    query = select(func.count(Message.id)).where(Message.delivery_id == delivery.id)
    return runtime.session.scalar(query) or 0


def sizes(runtime: Runtime, delivery: Delivery) -> Iterator[int]:
    """Write one stretch after the other; yield how many messages each transaction wrote."""
    before = 0
    while True:
        now = written(runtime, delivery)
        yield now - before
        before = now
        if delivery.unwritten_after is None:
            return
        recipients.write_more(runtime, delivery)
        runtime.session.commit()
