"""The signs of life of every scheduler, the acting one and those that stand by."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from webapp.kernel.background.availability import SCHEDULER, SILENT_AFTER, scheduler_runs
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.runtime import Runtime

OWN = f"{SCHEDULER} "
EVERY = timedelta(seconds=5)
FORGOTTEN_AFTER = timedelta(hours=1)
LONGEST = 255


def beat(runtime: Runtime, me: str) -> None:
    """Say that the scheduler called `me` lives, every few seconds; commits."""
    now = runtime.clock.system()
    row = runtime.session.get(Heartbeat, _name(me), populate_existing=True)
    if row is not None and now - EVERY < row.seen_at <= now:
        return
    runtime.session.merge(Heartbeat(process=_name(me), seen_at=now, held_by=me))
    runtime.session.execute(
        delete(Heartbeat)
        .where(Heartbeat.process.startswith(OWN), Heartbeat.seen_at < now - FORGOTTEN_AFTER)
        .execution_options(synchronize_session=False)
    )
    runtime.session.commit()


def end(runtime: Runtime, me: str) -> None:
    """Take back the sign of life of a scheduler that ends as it should; commits."""
    runtime.session.execute(delete(Heartbeat).where(Heartbeat.process == _name(me)))
    runtime.session.commit()


def schedulers(runtime: Runtime) -> int:
    """Return how many schedulers live: the one that acts, and those that stand by."""
    lately = runtime.clock.system() - SILENT_AFTER
    known = runtime.session.scalar(
        select(func.count(Heartbeat.process)).where(
            Heartbeat.process.startswith(OWN), Heartbeat.seen_at > lately
        )
    )
    return max(known or 0, int(scheduler_runs(runtime)))


def _name(me: str) -> str:
    return f"{OWN}{me}"[:LONGEST]
