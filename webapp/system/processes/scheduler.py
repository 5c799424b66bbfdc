"""The scheduler: once a second it looks for what is due in the database and asks workers for it.

It alone enqueues, one job for a row. Nothing is written for that: a job that begins takes the lease
of its row. A broker that loses everything loses nothing, for what does not wait there, and nobody
has in hand, is asked for again in the next second.
"""

import logging
import os
import socket
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import TypeVar

from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from webapp.audience.consent_files import running as consent_files
from webapp.audience.inbox import rereading
from webapp.deliveries import analysis, feedback, sending
from webapp.deliveries.sending import unpaid
from webapp.kernel import faults, leases
from webapp.kernel.audit import trusted
from webapp.kernel.background import heartbeats
from webapp.kernel.background.availability import SCHEDULER, SILENT_AFTER
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.db import db
from webapp.kernel.instance import Instance
from webapp.kernel.processes.presence import Presence
from webapp.kernel.processes.queue import QueueHealth
from webapp.kernel.processes.shutdown import Stop
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.expiry import lately
from webapp.profiles.transfer import running as importing
from webapp.services.connection import renewing
from webapp.system.health import WORKER
from webapp.workflows import control

log = logging.getLogger(__name__)
Result = TypeVar("Result")

TICK = 1.0
SEEN_EVERY = timedelta(seconds=10)


def run_scheduler(app: Flask, stop: Stop) -> None:
    """Tick until somebody asks to stop; an outage of database or broker is logged and outlived."""
    me = f"{socket.gethostname()}:{os.getpid()}"
    instance: Instance = app.extensions["fanfare"]
    presence = Presence(instance, SCHEDULER)
    while not stop.asked():
        presence.beat()
        with app.app_context():
            try:
                tick(instance.runtime(db.session(), trusted(SCHEDULER)), me)
            except (SQLAlchemyError, RedisError) as fault:
                log.warning("The scheduler waits: %s", faults.sentence(fault) or fault)
                db.session.rollback()
            except Exception:
                # Started again it would only meet the same.
                log.exception("The scheduler goes on after a fault.")
                db.session.rollback()
            finally:
                db.session.remove()
        stop.wait(TICK)
    with app.app_context(), suppress(SQLAlchemyError):
        heartbeats.end(instance.runtime(db.session(), trusted(SCHEDULER)), me)
        db.session.remove()


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of work: how its jobs are called, what they run, and the rows that are due."""

    name: str
    job: str
    rows: Callable[[Runtime], Iterable[int]]


def _kinds() -> Iterable[Due]:
    return (
        Due("run", "run_workflow", control.due),
        Due("analyse", "analyse_delivery", analysis.due),
        # First, so that a STOP that a network told is heard before more goes out.
        Due("events", "apply_events", feedback.due),
        # Before what goes out, which else would wait for it.
        Due("renew", "renew_session", renewing.due),
        # Before it, too: a file may hold a no.
        Due("consents", "import_consents", consent_files.due),
        Due("send", "send_delivery", sending.due),
        Due("import", "import_profiles", importing.due),
    )


def tick(runtime: Runtime, me: str) -> int:
    """Ask for all that is due, unless another scheduler acts; return for how much."""
    heartbeats.beat(runtime, me)
    if not _acts(runtime, me):
        return 0
    # Before anything is sent: a word that was added may be a refusal.
    _alone(runtime, lambda: rereading.read_set(runtime))
    queue = _alone(runtime, lambda: _see_workers(runtime))
    if queue is not None and not queue.broker:
        log.warning("The broker does not answer. What is due waits until it does.")
        return 0
    _alone(runtime, lambda: unpaid.suspend(runtime))
    asked = runtime.queue.waiting()
    taken = sum(_ask_for(runtime, due, asked) for due in _kinds())
    idle = (queue.idle if queue else 0) - len(asked) - taken
    return taken + (_ask_for_help(runtime, idle) if idle > 0 else 0)


def _ask_for_help(runtime: Runtime, idle: int) -> int:
    """Let workers that nothing waits for help with deliveries that others lead, by turns."""
    led = _alone(runtime, lambda: sending.to_help(runtime)) or ()
    runtime.session.commit()
    job = "webapp.system.jobs.help_delivery"
    for number, (row_id, token) in zip(range(idle), cycle(led), strict=False):
        name = f"help-{row_id}_{number}"
        _alone(runtime, partial(runtime.queue.enqueue, job, row_id, token, name=name))
    return idle if led else 0


def _ask_for(runtime: Runtime, due: Due, asked: Collection[str]) -> int:
    """Ask workers for all that is due of one kind and was not asked for; return for how much."""
    wanted = {f"{due.name}-{row_id}": row_id for row_id in _due(runtime, due)}
    new = [name for name in wanted if name not in asked]
    job = f"webapp.system.jobs.{due.job}"
    taken = 0
    for name in new:
        ask = partial(runtime.queue.enqueue, job, wanted[name], leases.new_token(), name=name)
        taken += bool(_alone(runtime, ask))
    return taken


def _due(runtime: Runtime, due: Due) -> Iterable[int]:
    """Return the rows that are due; a query that fails is met again in the next second."""
    found = _alone(runtime, lambda: list(due.rows(runtime))) or ()
    runtime.session.commit()
    return found


def _alone(runtime: Runtime, task: Callable[[], Result]) -> Result | None:
    """Do one thing of a tick, so that its fault is logged and keeps none of the others waiting.

    An outage is raised: it is everybody's.
    """
    try:
        return task()
    except Exception as fault:
        runtime.session.rollback()
        if faults.is_outage(fault):
            raise
        log.exception("A part of the tick failed.")
        return None


def _see_workers(runtime: Runtime) -> QueueHealth:
    """Return how broker and workers are; keep when a worker last gave a sign of life.

    Pages then say since when none did.
    """
    queue = runtime.queue.health()
    if queue.seen_at is None:
        return queue
    row = runtime.session.get(Heartbeat, WORKER)
    if row is None or abs(queue.seen_at - row.seen_at) >= SEEN_EVERY:
        runtime.session.merge(Heartbeat(process=WORKER, seen_at=queue.seen_at, held_by=""))
        runtime.session.commit()
    return queue


def _acts(runtime: Runtime, me: str) -> bool:
    """Take or keep the role of the one scheduler; it passes on when its holder falls silent."""
    now = runtime.clock.system()
    row = runtime.session.get(Heartbeat, SCHEDULER, with_for_update=True, populate_existing=True)
    if row is None:
        row = Heartbeat(process=SCHEDULER, seen_at=now, held_by=me)
        runtime.session.add(row)
    if row.held_by != me and lately(row.seen_at, now, SILENT_AFTER):
        runtime.session.commit()
        return False
    row.held_by, row.seen_at = me, now
    runtime.session.commit()
    return True
