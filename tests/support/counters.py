"""Compares the counters of a delivery with its messages."""

from collections import Counter

from sqlalchemy import select

from webapp.deliveries.models import Message, MessageCount
from webapp.kernel.runtime import Runtime

HAND = {"sending": "pending"}
WITH_REASON = ("ignored", "failed", "cancelled")


def counters_of(runtime: Runtime, delivery_id: int) -> dict[tuple[str, str], int]:
    """Return what is counted, by state and reason, without what there is none of."""
    rows = select(MessageCount.state, MessageCount.reason, MessageCount.number)
    found = runtime.session.execute(rows.where(MessageCount.delivery_id == delivery_id))
    return {(state, reason): number for state, reason, number in found if number}


def messages_of(runtime: Runtime, delivery_id: int) -> dict[tuple[str, str], int]:
    """Count the messages themselves."""
    rows = select(Message.state, Message.reason, Message.arrival, Message.taken_back_at)
    found: Counter[tuple[str, str]] = Counter()
    for state, reason, arrival, gone in runtime.session.execute(
        rows.where(Message.delivery_id == delivery_id)
    ):
        found[HAND.get(state, state.value), reason if state in WITH_REASON else ""] += 1
        found[arrival, ""] += bool(arrival)
        found["complained", ""] += state == "sent" and reason == "complained"
        found["taken_back", ""] += gone is not None and state == "sent"
    return dict(+found)
