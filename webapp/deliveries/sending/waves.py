"""Waves: how many messages of a delivery may go out in a day that begins with its first one."""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select

from webapp.deliveries.models import Attempt, AttemptOutcome, Delivery, Message, MessageState
from webapp.deliveries.waves import DAY, sent_since, wave_begins
from webapp.kernel.notices import Notice
from webapp.kernel.runtime import Runtime

Wait = tuple[datetime, Notice]


def full_until(runtime: Runtime, delivery: Delivery, message: Message) -> Wait | None:
    """Return when to ask again for a turn of `message`, and why, if the wave has none left.

    Messages that may yet turn out to be sent take part. A claim is committed before the wave is
    counted, so of two workers that claim at once one at least sees the other's claim: a wave may
    wait a little for what became of a message, but is never larger than it should be.
    """
    if not delivery.wave_size or delivery.started_at is None:
        return None
    now = runtime.now()
    begins = wave_begins(delivery.started_at, now)
    left = delivery.wave_size - sent_since(runtime, delivery, begins)
    if left <= 0:
        return begins + DAY, Notice("wave_out")
    if left > _open(runtime, message, begins):
        return None
    soon = now + timedelta(seconds=runtime.settings.settle_seconds)
    return min(soon, begins + DAY), Notice("wave_under_way")


def _open(runtime: Runtime, message: Message, begins: datetime) -> int:
    """Count the other messages that are under way, or whose outcome of this wave is unknown."""
    asked = exists().where(
        Attempt.message_id == Message.id,
        Attempt.started_at >= begins,
        or_(Attempt.outcome.is_(None), Attempt.outcome == AttemptOutcome.UNKNOWN),
    )
    query = select(func.count(Message.id)).where(
        Message.delivery_id == message.delivery_id,
        Message.id != message.id,
        Message.state.in_((MessageState.SENDING, MessageState.UNKNOWN)),
        or_(Message.state == MessageState.SENDING, asked),
    )
    return runtime.session.scalar(query) or 0
