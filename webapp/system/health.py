"""How the background is: broker, workers, scheduler, database, disk, keys, versions."""

from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from platform import python_version

from sqlalchemy import Engine

from webapp.kernel import place, schema, storage
from webapp.kernel.broker import BrokerFault
from webapp.kernel.called import RUN
from webapp.kernel.formats import number
from webapp.kernel.lapse import SKEW
from webapp.kernel.queue import QueueHealth
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _, plural
from webapp.services import reach
from webapp.services.context import unreadable
from webapp.services.models import Service
from webapp.system.waiting import waiting
from webapp.workflows.models import Heartbeat
from webapp.workflows.standstill import SCHEDULER, scheduler_runs

WORKER = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the background: whether it works, when it was last seen, what to do.

    `holds` says in words what stands still without it; `seen_at` is the machine's time.
    """

    name: str
    ok: bool
    detail: str
    seen_at: datetime | None = None
    fix: str = ""
    holds: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything the health page shows."""

    parts: list[Part]
    waiting: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether everything works."""
        return all(part.ok for part in self.parts)


def report(runtime: Runtime) -> Report:
    """Look at every part now."""
    parts = [
        *moving(runtime, runtime.queue.health()),
        _database(runtime),
        disk(runtime),
        keys(runtime),
        *networks(runtime),
    ]
    faulty = any(not part.ok for part in parts)
    return Report(
        parts=parts,
        waiting=waiting(runtime) if faulty else [],
        versions=_versions(runtime),
    )


def moving(runtime: Runtime, queue: QueueHealth) -> list[Part]:
    """Look at what must run for anything to move: broker, workers, scheduler."""
    return [_broker(queue), _workers(runtime, queue), _scheduler(runtime)]


def _versions(runtime: Runtime) -> dict[str, str]:
    dialect = runtime.session.get_bind().engine.dialect
    found = ".".join(str(number) for number in dialect.server_version_info or ())
    return {
        "Fanfare": version("fanfare"),
        "Python": python_version(),
        dialect.name: found or _("unknown"),
        "RQ": version("rq"),
    }


def _broker(queue: QueueHealth) -> Part:
    holds = _("Hands work to the workers; what waits stays in the database.")
    if queue.broker:
        detail = plural("%(num)s job waits", "%(num)s jobs wait", queue.waiting)
        return Part(name=_("Broker"), ok=True, detail=detail, holds=holds)
    detail, fix = _sick(queue)
    return Part(name=_("Broker"), ok=False, detail=detail, fix=fix, holds=holds)


def _sick(queue: QueueHealth) -> tuple[str, str]:
    """Return what ails the broker, and what helps."""
    known = {
        BrokerFault.SILENT: (
            _("takes connections but does not answer"),
            _("It is stuck, stopped or overloaded: look at its log, then restart Redis or Valkey."),
        ),
        BrokerFault.CLOSED: (
            _("lets nobody in with this password"),
            _("Put the user and password of Redis or Valkey into REDIS_URL."),
        ),
        BrokerFault.LOADING: (
            _("still loads its data"),
            _("Wait until Redis or Valkey has read its data; nothing else is to be done."),
        ),
        BrokerFault.FULL: (
            _("is out of memory"),
            _("Raise maxmemory of Redis or Valkey, or remove what other programs left in it."),
        ),
        BrokerFault.REPLICA: (
            _("is a replica, which takes nothing"),
            _("Let REDIS_URL name the primary."),
        ),
        BrokerFault.REFUSES: (
            _("refuses work: %(said)s", said=queue.said),
            _("Mend what Redis or Valkey says; often the disk it saves to is full."),
        ),
    }
    gone = (_("does not answer"), _("Start Redis or Valkey, or check REDIS_URL."))
    return known.get(queue.fault, gone)


def _workers(runtime: Runtime, queue: QueueHealth) -> Part:
    row = runtime.session.get(Heartbeat, WORKER)
    seen = queue.seen_at or (row.seen_at if row else None)
    holds = _("Sends, analyses, synchronises.")
    if queue.workers:
        detail = plural("%(num)s worker runs", "%(num)s workers run", queue.workers)
        return Part(name=_("Worker"), ok=True, detail=detail, seen_at=seen, holds=holds)
    return Part(
        name=_("Worker"),
        ok=False,
        detail=_("down") if queue.broker else _("not seen while the broker is down"),
        seen_at=seen,
        fix=_("Start it with %(run)s worker.", run=RUN),
        holds=holds,
    )


def _scheduler(runtime: Runtime) -> Part:
    alive = scheduler_runs(runtime)
    row = runtime.session.get(Heartbeat, SCHEDULER)
    return Part(
        name=_("Scheduler"),
        ok=alive,
        detail=_("running") if alive else _of_silence(runtime, row),
        seen_at=row.seen_at if row and not _ahead(runtime, row) else None,
        fix="" if alive else _("Start it with %(run)s scheduler.", run=RUN),
        holds=_("Begins what is due: schedules, waves, retries."),
    )


def _of_silence(runtime: Runtime, row: Heartbeat | None) -> str:
    """Say that it is down; a sign of life that lies ahead is from before the clock was set back."""
    if row is not None and _ahead(runtime, row):
        return _("down; its last sign of life lies ahead, so the clock was set back")
    return _("down")


def _ahead(runtime: Runtime, row: Heartbeat) -> bool:
    """Tell whether a sign of life is dated later than another machine's clock would explain."""
    return row.seen_at > runtime.clock.system() + SKEW


def _database(runtime: Runtime) -> Part:
    engine = runtime.session.get_bind().engine
    name = f"{_('Database')}, {engine.dialect.name}"
    try:
        schema.refuse_unfit(engine)
    except schema.Unfit as fault:
        return Part(name=name, ok=False, detail=_("does not fit this version"), fix=fault.message)
    return _writable(name, engine)


def _writable(name: str, engine: Engine) -> Part:
    fault = storage.database_fault(engine, wait=100)
    if fault:
        return Part(name=name, ok=False, detail=_("cannot be written"), fix=fault)
    where = place.database(engine.url)
    return Part(name=name, ok=True, detail=_("up to date: %(database)s", database=where))


def networks(runtime: Runtime) -> list[Part]:
    """Return a part for each network that cannot be reached, with the accounts it is about."""
    lost: dict[str, list[Service]] = {}
    for service in reach.out_of_reach(runtime):
        lost.setdefault(service.kind, []).append(service)
    return [
        Part(
            name=_label(runtime, kind),
            ok=False,
            detail=_(
                "cannot be reached for %(who)s",
                who=", ".join(f"@{item.shown_name}" for item in services),
            ),
            fix=_(
                "Check this host's network, names, proxy and firewall. Nothing is used up, and "
                "what waits goes on when it can be reached."
            ),
        )
        for kind, services in lost.items()
    ]


def _label(runtime: Runtime, kind: str) -> str:
    """Return how a network is called; its kind where the plugin is gone."""
    return runtime.registry.get(kind).label if runtime.registry.has(kind) else kind


def disk(runtime: Runtime) -> Part:
    """Tell whether there is room for what this instance writes."""
    fault = storage.disk_fault(runtime.settings)
    free = min(storage.free_bytes(folder) for folder in storage.folders(runtime.settings))
    return Part(
        name=_("Disk"),
        ok=not fault,
        detail=_("%(n)s MB free", n=number(free // storage.MEGABYTE)),
        fix=fault,
    )


def keys(runtime: Runtime) -> Part:
    """Tell whether the encryption keys of this instance open what is stored."""
    name, closed = _("Encryption keys"), unreadable(runtime)
    if not closed:
        return Part(name=name, ok=True, detail=_("open every stored secret"))
    return Part(
        name=name,
        ok=False,
        detail=_(
            "do not open the secrets of %(who)s", who=", ".join(f"@{item}" for item in closed)
        ),
        fix=_(
            "Put the key they were written with into FANFARE_ENCRYPTION_KEYS, behind a comma, or "
            "enter the secrets again."
        ),
    )
