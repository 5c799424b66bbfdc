"""When messages failed, ended before their turn, or came to nothing: counted as it happens.

The counters of a delivery say how many of its messages failed, and not when, and of what went out
from several accounts not from which. These are by account and quarter of an hour, since a day of
any zone begins with one, and outlive the messages. A proof counts nowhere.
"""

from datetime import datetime

from sqlalchemy import select

from webapp.deliveries.counters import COMPLAINED, Place
from webapp.deliveries.models import Arrival, Delivery, FailureQuarter, Message, MessageState
from webapp.kernel.db import tallies
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import QUARTER

# What ended without being sent, and what went out and came to nothing.
ENDED = (MessageState.FAILED.value, MessageState.CANCELLED.value)
AFTERWARDS = (Arrival.BOUNCED.value, COMPLAINED)
STATES = (*ENDED, *AFTERWARDS)


def count(
    runtime: Runtime,
    message: tuple[int, int],
    place: Place,
    number: int = 1,
    at: datetime | None = None,
) -> None:
    """Count so many messages of a delivery and an account as ended, where they are; or fewer.

    `message` are the numbers of both. The caller commits.
    """
    delivery_id, service_id = message
    state, reason = place
    if state not in STATES or not number or _is_proof(runtime, delivery_id):
        return
    quarter = int((at or runtime.now()).timestamp()) // QUARTER
    key = {"service_id": service_id, "quarter": quarter, "state": state, "reason": reason}
    tallies.add(runtime.session, FailureQuarter, key, number=number)


def undo(runtime: Runtime, message_id: int, place: Place) -> None:
    """Take back that a message ended, before it is changed; the caller commits."""
    if place[0] not in ENDED:
        return
    columns = (Message.delivery_id, Message.service_id, Message.changed_at)
    row = runtime.session.execute(select(*columns).where(Message.id == message_id)).one()
    count(runtime, (row.delivery_id, row.service_id), place, -1, row.changed_at)


def _is_proof(runtime: Runtime, delivery_id: int) -> bool:
    parent = select(Delivery.parent_id).where(Delivery.id == delivery_id)
    return runtime.session.scalar(parent) is not None
