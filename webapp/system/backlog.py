"""How long the oldest work waits that could go on at once."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from webapp.deliveries.models import MOVING, Delivery
from webapp.kernel.lapse import lapsed
from webapp.kernel.queue import QueueHealth
from webapp.kernel.runtime import Runtime
from webapp.workflows.models import OPEN, Run

# A tick, a busy worker and a slice of another delivery are no reason to wake anybody.
TOO_LONG = timedelta(minutes=2)


def age(runtime: Runtime, queue: QueueHealth) -> timedelta | None:
    """Return how long the oldest due work has been waiting; nothing when none waits.

    That is a row nobody works on, or a job the broker holds and no worker took.
    """
    due = [at for at in (_delivery(runtime), _run(runtime)) if at is not None]
    ages = [runtime.now() - at for at in due]
    if queue.oldest_at is not None:
        ages.append(runtime.clock.system() - queue.oldest_at)
    return max([*ages, timedelta()], default=None) if ages else None


def _delivery(runtime: Runtime) -> datetime | None:
    lease = timedelta(seconds=runtime.settings.lease_seconds)
    over = lapsed(Delivery.leased_until, runtime.clock.system(), lease)
    query = select(func.min(Delivery.resume_at)).where(
        Delivery.state.in_(MOVING),
        Delivery.resume_at <= runtime.now(),
        or_(Delivery.leased_until.is_(None), over),
    )
    found: datetime | None = runtime.session.scalar(query)
    return found


def _run(runtime: Runtime) -> datetime | None:
    lease = timedelta(seconds=runtime.settings.lease_seconds)
    over = lapsed(Run.leased_until, runtime.clock.system(), lease)
    query = select(func.min(Run.resume_at)).where(
        Run.state.in_(OPEN),
        Run.resume_at <= runtime.now(),
        or_(Run.leased_until.is_(None), over),
    )
    found: datetime | None = runtime.session.scalar(query)
    return found
