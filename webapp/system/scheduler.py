"""The scheduler: once a second it claims what is due in the database and asks workers for it.

It alone enqueues. A broker that loses everything loses nothing: what was claimed and not done is
claimed again when its lease ends.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from webapp.audience import rereading
from webapp.deliveries import analysis, sending
from webapp.kernel import faults
from webapp.kernel.audit import Actor
from webapp.kernel.db import db
from webapp.kernel.instance import Instance
from webapp.kernel.lapse import lately
from webapp.kernel.runtime import Runtime
from webapp.system.health import WORKER
from webapp.workflows import control
from webapp.workflows.models import Heartbeat
from webapp.workflows.standstill import SCHEDULER, SILENT_AFTER

log = logging.getLogger(__name__)
Result = TypeVar("Result")

TICK = 1.0
SEEN_EVERY = timedelta(seconds=10)


def run_scheduler(app: Flask, stop: threading.Event) -> None:
    """Tick until `stop` is set; an outage of the database or broker is logged and outlived."""
    me = f"{socket.gethostname()}:{os.getpid()}"
    instance: Instance = app.extensions["fanfare"]
    while not stop.is_set():
        with app.app_context():
            try:
                tick(instance.runtime(db.session(), Actor(name=SCHEDULER)), me)
            except (SQLAlchemyError, RedisError) as fault:
                log.warning("The scheduler waits: %s", fault)
                db.session.rollback()
            except Exception:
                # Started again it would only meet the same.
                log.exception("The scheduler goes on after a fault.")
                db.session.rollback()
            finally:
                db.session.remove()
        stop.wait(TICK)


def tick(runtime: Runtime, me: str) -> int:
    """Claim and enqueue what is due, unless another scheduler acts; return how much."""
    if not _acts(runtime, me):
        return 0
    claims: dict[str, Callable[[], Iterable[int]]] = {
        "run_workflow": lambda: control.claim_due(runtime),
        "analyse_delivery": lambda: analysis.claim_due(runtime),
        "send_delivery": lambda: sending.claim_due(runtime),
    }
    asked = 0
    # Before anything is sent: a word that was added may be a refusal.
    _alone(runtime, lambda: rereading.read_set(runtime))
    _alone(runtime, lambda: _see_workers(runtime))
    for job, claim in claims.items():
        for item in _alone(runtime, claim) or ():
            _alone(runtime, partial(runtime.queue.enqueue, f"webapp.system.jobs.{job}", item))
            asked += 1
    return asked


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


def _see_workers(runtime: Runtime) -> None:
    """Keep when a worker last gave a sign of life, so that pages can say since when none did."""
    seen = runtime.queue.health().seen_at
    if seen is None:
        return
    row = runtime.session.get(Heartbeat, WORKER)
    if row is None or abs(seen - row.seen_at) >= SEEN_EVERY:
        runtime.session.merge(Heartbeat(process=WORKER, seen_at=seen, held_by=""))
        runtime.session.commit()


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
