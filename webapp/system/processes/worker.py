"""The worker: a stock RQ worker that notices a dead parent and gives lost work back quickly."""

import ctypes
import gc
import logging
import os
import signal
import sys
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Flask
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, Worker, worker_registration
from rq.exceptions import AbandonedJobError
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from webapp.kernel.audit import trusted
from webapp.kernel.db import db
from webapp.kernel.instance import Instance
from webapp.kernel.logging import log_context
from webapp.kernel.processes import shutdown
from webapp.kernel.processes.presence import Presence
from webapp.kernel.processes.queue import QUEUE_NAME, RedisQueue
from webapp.system.processes import abandoned

log = logging.getLogger(__name__)

HEARTBEAT = 5
PARENT_DEATH_SIGNAL = 1
ID_AND_TOKEN = 2
# So many new objects are kept before the collector looks for circles among them.
MOST_NEW = 50_000


class SafeWorker(Worker):
    """Dies with its parent, is taken for dead after three silent heartbeats, and comes back.

    RQ's own child outlives a killed parent and would run beside the next worker's, its heartbeat
    lasts a minute longer than asked for, and a broker that lost its data never hears of it again.
    A signal to end would also kill the child in the middle of a call where it reaches the whole
    group, and a broker that is away would end the worker and with it the child.
    """

    # Seconds between two looks for a broker that is away; RQ waits up to a minute.
    max_connection_wait_time = 4.0
    # What tells that this process lives and which keys it holds.
    presence: Presence | None = None

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Say that the worker lives; a broker that forgot it is told anew who it is."""
        if not self.connection.sismember(self.redis_workers_keys, self.key):
            self.connection.hset(self.key, mapping=self.serialize())
            worker_registration.register(self)
        super().heartbeat(timeout, pipeline)
        if self.presence:
            self.presence.beat()

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:  # noqa: ARG002
        """Return after how many seconds without a heartbeat a job counts as lost."""
        return int(self.job_monitoring_interval) * 3

    def maintain_heartbeats(self, job: Job, execution: Execution) -> None:
        """Say that the job lives; while the broker is away nobody hears it, and the job goes on."""
        try:
            super().maintain_heartbeats(job, execution)
        except RedisError as fault:
            log.warning("The broker does not hear that a job goes on: %s", fault)

    def handle_warm_shutdown_request(self) -> None:
        """Ask the child to hand its job back after the step that is under way."""
        if self.horse_pid and not self.is_horse:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGTERM)

    def setup_work_horse_signals(self) -> None:
        """Let a signal to end be a request, also where a supervisor sends it to the whole group."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, shutdown.ask)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run a job in the forked child."""
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
            # A worker that died after the fork and before this line sends that signal no more.
            if os.getppid() != self.pid:
                os.kill(os.getpid(), signal.SIGKILL)
        with log_context.working(f"{str(job.description).rpartition('.')[2]} {job.id}"):
            super().main_work_horse(job, queue)


def run_worker(app: Flask, *, burst: bool = False) -> None:
    """Work until a signal comes, or with `burst` until the queue is empty."""
    instance: Instance = app.extensions["fanfare"]
    if not isinstance(instance.queue, RedisQueue):
        raise TypeError("A worker needs the queue on Redis.")
    # A child must not use the parent's database connections.
    os.register_at_fork(after_in_child=lambda: _dispose(app))
    os.register_at_fork(after_in_child=collect_rarely)
    options: dict[str, Any] = {
        "connection": instance.queue.connection,
        "serializer": JSONSerializer,
        "job_monitoring_interval": HEARTBEAT,
        "maintenance_interval": HEARTBEAT,
        "worker_ttl": HEARTBEAT * 4,
        "exception_handlers": [partial(_free_abandoned, app)],
    }
    queue = Queue(QUEUE_NAME, connection=instance.queue.connection, serializer=JSONSerializer)
    settle()
    with app.app_context():
        worker = SafeWorker([queue], **options)
        worker.presence = Presence(instance, "worker")
        worker.work(burst=burst, logging_level="WARNING")


def _free_abandoned(app: Flask, job: Job, kind: type[BaseException], *_rest: object) -> bool:
    """Free what a dead worker held; every other fault is left to whoever comes next.

    Called by whichever worker tidies up first, which keeps no connection that a child would share.
    """
    if not issubclass(kind, AbandonedJobError) or len(job.args) != ID_AND_TOKEN:
        return True
    instance: Instance = app.extensions["fanfare"]
    try:
        runtime = instance.runtime(db.session(), trusted("worker"))
        item, token = job.args
        abandoned.free(runtime, str(job.func_name), int(item), str(token))
    except SQLAlchemyError as fault:
        log.warning("What a dead worker held stays its own until its lease ends: %s", fault)
    finally:
        db.session.remove()
        db.engine.dispose()
    return True


def settle() -> None:
    """Keep what is loaded by now out of the collector's rounds: it stays as long as the process.

    A job that makes thousands of people would have it walked again and again, and each forked
    child would copy the memory it shares with its parent.
    """
    gc.collect()
    gc.freeze()


def collect_rarely() -> None:
    """Let a job look for garbage only once more was made than a page of people and the next hold.

    None of a page is garbage while it is written. What rests collects as usual, and stays small.
    """
    gc.set_threshold(MOST_NEW)


def _dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose(close=False)
