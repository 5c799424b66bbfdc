"""How long the oldest work waits that could go on at once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from webapp.deliveries.models import MOVING, Delivery
from webapp.kernel import leases
from webapp.kernel.processes.queue import QueueHealth
from webapp.kernel.runtime import Runtime
from webapp.workflows.models import OPEN, Run

# A tick, a busy worker and a slice of another delivery are no reason to wake anybody.
TOO_LONG = timedelta(minutes=2)


def age(runtime: Runtime, queue: QueueHealth) -> timedelta | None:
    """Return how long the oldest due work has been waiting; nothing when none waits.

    That is a row nobody works on, or a job the broker holds and no worker took.
    """
    waiting = (_oldest(runtime, Delivery, MOVING), _oldest(runtime, Run, OPEN))
    ages = [runtime.now() - at for at in waiting if at is not None]
    if queue.oldest_at is not None:
        ages.append(runtime.clock.system() - queue.oldest_at)
    return max([*ages, timedelta()]) if ages else None


def _oldest(
    runtime: Runtime, work: type[Delivery] | type[Run], under_way: Collection[Any]
) -> datetime | None:
    """Return when the oldest row of work was due that is under way and that nobody has in hand."""
    query = select(func.min(work.resume_at)).where(
        work.state.in_(under_way),
        work.resume_at <= runtime.now(),
        leases.free(runtime, work),
    )
    found: datetime | None = runtime.session.scalar(query)
    return found
