"""The queue: hands ids to workers in other processes; losing it loses nothing."""

import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from webapp.kernel.processes.broker import BrokerFault, fault_of, impatient
from webapp.kernel.processes.presence import FORGOTTEN_AFTER, Sign
from webapp.kernel.time.expiry import SKEW, lately

log = logging.getLogger(__name__)

QUEUE_NAME = "fanfare"
JOB_TIMEOUT = 600
FAILURE_TTL = 86_400
ALIVE_FOR = timedelta(seconds=30)
# One that kept somebody waiting is not asked again before this many seconds.
RESPITE = 3
SIGN = "fanfare:sign:"
PROBE = "fanfare:probe"
LONGEST_SAID = 160


class JobQueue(Protocol):
    """Where use-cases leave work; the rows in the database stay the truth."""

    def enqueue(self, job: str, *arguments: int | str, name: str = "") -> bool:
        """Ask a worker to run the function at the dotted path `job`; tell whether it was taken.

        By its `name` it is found among those that wait.
        """

    def waiting(self) -> Collection[str]:
        """Return the names of the jobs that no worker took so far."""

    def health(self) -> "QueueHealth":
        """Tell how the broker and the workers are."""

    def tell(self, sign: Sign) -> None:
        """Keep a sign of life for a while; one that cannot be kept is missing, and no fault."""

    def told(self) -> Sequence[Sign] | None:
        """Return the signs of every process that lives; nothing where the broker is silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueHealth:
    """What the broker says: whether it takes work, how many workers live and idle, how much waits.

    `seen_at` is the last sign of life of any worker, on the machine's clock. `fault` is what ails
    the broker, `said` its own words where it has some. `oldest_at` is since when the job waits that
    is next.
    """

    broker: bool
    fault: BrokerFault = BrokerFault.NOTHING
    said: str = ""
    workers: int = 0
    idle: int = 0
    waiting: int = 0
    oldest_at: datetime | None = None
    seen_at: datetime | None = None


class RedisQueue:
    """The queue on Redis or Valkey, run by RQ workers with JSON arguments."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url`; nothing happens before the first use.

        Workers wait for work on `connection`; whoever leaves work, or looks, has no such patience.
        """
        self.connection = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
        self._quick = impatient(url)
        self.queue = Queue(QUEUE_NAME, connection=self._quick, serializer=JSONSerializer)
        self._silent_until = 0.0

    def enqueue(self, job: str, *arguments: int | str, name: str = "") -> bool:
        """Enqueue; a broker that is down is logged, and the scheduler asks again later.

        No two jobs have one id, also of one name: what is left of a job that was begun, or that
        died with its worker, must not be taken for the next one.
        """
        if self._rests():
            return False
        try:
            self.queue.enqueue(
                job,
                args=arguments,
                job_id=f"{name or 'job'}-{uuid4().hex}",
                job_timeout=JOB_TIMEOUT,
                result_ttl=0,
                failure_ttl=FAILURE_TTL,
            )
        except RedisError as fault:
            log.warning("The broker did not take %s: %s", job, fault)
            self._note(fault)
            return False
        return True

    def waiting(self) -> Collection[str]:
        """Return the names of the jobs that no worker took so far: one begun is gone from here.

        The broker itself is asked, so that what it lost is asked for again.
        """
        return {name.rpartition("-")[0] for name in self.queue.get_job_ids()}

    def health(self) -> QueueHealth:
        """Ask the broker for its state, and whether it takes anything."""
        if self._rests():
            return QueueHealth(broker=False, fault=BrokerFault.SILENT)
        try:
            self._quick.set(PROBE, "1", ex=60)
            now = datetime.now(UTC)
            seen = [
                (worker, _aware(worker.last_heartbeat))
                for worker in Worker.all(connection=self._quick)
                if worker.last_heartbeat
            ]
            living = [worker for worker, beat in seen if lately(beat, now, ALIVE_FOR)]
            return QueueHealth(
                broker=True,
                workers=len(living),
                idle=sum(item.get_state() == WorkerStatus.IDLE for item in living),
                waiting=self.queue.count,
                oldest_at=self._oldest_at(),
                # One from before the clock was set back would hide all that came since.
                seen_at=max((beat for _who, beat in seen if beat <= now + SKEW), default=None),
            )
        except RedisError as fault:
            kind = self._note(fault)
            said = str(fault)[:LONGEST_SAID] if kind is BrokerFault.REFUSES else ""
            return QueueHealth(broker=False, fault=kind, said=said)

    def tell(self, sign: Sign) -> None:
        """Keep a sign of life for a while; one that cannot be kept is missing, and no fault."""
        try:
            self._quick.set(
                f"{SIGN}{sign.kind}:{sign.place}", json.dumps(asdict(sign)), ex=FORGOTTEN_AFTER
            )
        except RedisError as fault:
            self._note(fault)

    def told(self) -> Sequence[Sign] | None:
        """Return the signs of every process that lives; nothing where the broker is silent."""
        try:
            names = list(self._quick.scan_iter(f"{SIGN}*", count=1_000))
            kept = self._quick.mget(names) if names else []
        except RedisError as fault:
            self._note(fault)
            return None
        found = [json.loads(text) for text in kept if text]
        return [Sign(**row | {"keys": tuple(row["keys"])}) for row in found]

    def _oldest_at(self) -> datetime | None:
        """Return since when the first job of the queue waits for a worker."""
        first = self.queue.get_jobs(0, 1)
        return _aware(first[0].enqueued_at) if first and first[0].enqueued_at else None

    def _rests(self) -> bool:
        """Tell whether the broker kept somebody waiting a moment ago: one page of many waits."""
        return monotonic() < self._silent_until

    def _note(self, error: RedisError) -> BrokerFault:
        kind = fault_of(error)
        if kind is BrokerFault.SILENT:
            self._silent_until = monotonic() + RESPITE
        return kind


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
