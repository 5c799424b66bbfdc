"""Waves: how many messages of a delivery may go out in a day that begins with its first one."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from webapp.deliveries.costs.reckoning import Counts
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.waves import DAY, wave_begins
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice

Wait = tuple[datetime, Notice]


def full_until(runtime: Runtime, delivery: Delivery, counts: Counts) -> Wait | None:
    """Return when to ask again for a turn of a message, and why, if the wave has none left.

    Messages that may yet turn out to be sent take part: a wave may wait a little for what became
    of a message, but is never larger than it should be.
    """
    if not delivery.wave_size or delivery.started_at is None:
        return None
    now = runtime.now()
    begins = wave_begins(delivery.started_at, now)
    left = delivery.wave_size - counts.sent
    if left <= 0:
        again = _thread_goes_on(runtime, delivery)
        return min(begins + DAY, again or begins + DAY), Notice("wave_out")
    if left > counts.under_way:
        return None
    soon = now + timedelta(seconds=runtime.settings.reconcile_after_seconds)
    return min(soon, begins + DAY), Notice("wave_under_way")


def _thread_goes_on(runtime: Runtime, delivery: Delivery) -> datetime | None:
    """Return when the next part of a thread is tried again that has its place in a wave already."""
    return runtime.session.scalar(
        select(func.min(Message.due_at)).where(
            Message.delivery_id == delivery.id,
            Message.state == MessageState.PENDING,
            Message.parts_sent > 0,
            Message.due_at > runtime.now(),
        )
    )
