"""The scheduler: once a second it claims what is due in the database and asks workers for it.

It alone enqueues. A broker that loses everything loses nothing: what was claimed and not done is
claimed again when its lease ends.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from webapp.audience import rereading
from webapp.deliveries import analysis, sending, unpaid
from webapp.deliveries.models import Delivery
from webapp.kernel import faults
from webapp.kernel.audit import Actor
from webapp.kernel.db import db
from webapp.kernel.instance import Instance
from webapp.kernel.lapse import lately
from webapp.kernel.presence import Presence
from webapp.kernel.runtime import Runtime
from webapp.system.health import WORKER
from webapp.workflows import control, pulse
from webapp.workflows.models import Heartbeat, Run
from webapp.workflows.standstill import SCHEDULER, SILENT_AFTER

log = logging.getLogger(__name__)
Result = TypeVar("Result")

TICK = 1.0
SEEN_EVERY = timedelta(seconds=10)


def run_scheduler(app: Flask, stop: threading.Event) -> None:
    """Tick until `stop` is set; an outage of the database or broker is logged and outlived."""
    me = f"{socket.gethostname()}:{os.getpid()}"
    instance: Instance = app.extensions["fanfare"]
    presence = Presence(instance, SCHEDULER)
    while not stop.is_set():
        presence.beat()
        with app.app_context():
            try:
                tick(instance.runtime(db.session(), Actor(name=SCHEDULER)), me)
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
        pulse.end(instance.runtime(db.session(), Actor(name=SCHEDULER)), me)
        db.session.remove()


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of work: the job that does it, the rows it is about, and how they are claimed."""

    job: str
    model: type[Delivery | Run]
    claim: Callable[[Runtime], Iterable[int]]


def _kinds() -> Iterable[Due]:
    return (
        Due("run_workflow", Run, control.claim_due),
        Due("analyse_delivery", Delivery, analysis.claim_due),
        Due("send_delivery", Delivery, sending.claim_due),
    )


def tick(runtime: Runtime, me: str) -> int:
    """Claim and enqueue what is due, unless another scheduler acts; return how much.

    While the broker does not answer nothing is claimed: a lease that nobody works under would
    keep the work waiting for as long as it lasts after the broker is back.
    """
    pulse.beat(runtime, me)
    if not _acts(runtime, me):
        return 0
    # Before anything is sent: a word that was added may be a refusal.
    _alone(runtime, lambda: rereading.read_set(runtime))
    if _alone(runtime, lambda: _see_workers(runtime)) is False:
        log.warning("The broker does not answer. What is due waits until it does.")
        return 0
    _alone(runtime, lambda: unpaid.hold(runtime))
    return sum(_ask_for(runtime, due) for due in _kinds())


def _ask_for(runtime: Runtime, due: Due) -> int:
    """Ask workers for all that is due of one kind; return how much."""
    asked = 0
    for item in _alone(runtime, lambda: due.claim(runtime)) or ():
        job = f"webapp.system.jobs.{due.job}"
        if _alone(runtime, partial(runtime.queue.enqueue, job, item)):
            asked += 1
        else:
            _free(runtime, due.model, item)
    return asked


def _free(runtime: Runtime, model: type[Delivery | Run], item: int) -> None:
    """Free what the broker did not take, so that it is asked for again in the next second."""
    runtime.session.execute(
        update(model)
        .where(model.id == item)
        .values(leased_until=None)
        .execution_options(synchronize_session=False)
    )
    runtime.session.commit()


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


def _see_workers(runtime: Runtime) -> bool:
    """Tell whether the broker answers; keep when a worker last gave a sign of life.

    Pages then say since when none did.
    """
    queue = runtime.queue.health()
    if queue.seen_at is None:
        return queue.broker
    row = runtime.session.get(Heartbeat, WORKER)
    if row is None or abs(queue.seen_at - row.seen_at) >= SEEN_EVERY:
        runtime.session.merge(Heartbeat(process=WORKER, seen_at=queue.seen_at, held_by=""))
        runtime.session.commit()
    return queue.broker


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
