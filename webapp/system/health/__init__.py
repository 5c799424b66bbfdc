"""How the background is: broker, workers, scheduler, database, disk, keys, versions."""

from dataclasses import dataclass, field
from importlib.metadata import version
from platform import python_version

from sqlalchemy import Engine

from webapp.kernel import schema
from webapp.kernel.background import heartbeats
from webapp.kernel.background.availability import SCHEDULER, scheduler_runs
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.config import location
from webapp.kernel.config.command_name import RUN
from webapp.kernel.config.settings import Settings, SettingsError
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.instance import broker_url, read_settings
from webapp.kernel.permissions import Permission
from webapp.kernel.processes import storage
from webapp.kernel.processes.queue import QueueHealth, RedisQueue
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import duration, number
from webapp.kernel.time.expiry import SKEW
from webapp.services.channel.context import unreadable
from webapp.system.health import broker_faults, oldest_work
from webapp.system.health.backlog import waiting
from webapp.system.health.part import Part
from webapp.system.health.troubles import clicks, networks

WORKER = "worker"

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# From so many megabytes on, gigabytes are easier to read.
MANY = 10_000


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


@requires(Permission.VIEW)
def report(runtime: Runtime) -> Report:
    """Look at every part now."""
    queue = runtime.queue.health()
    parts = [
        *moving(runtime, queue),
        _backlog(runtime, queue),
        _database(runtime),
        disk(runtime),
        keys(runtime),
        *networks(runtime),
        *clicks(runtime),
    ]
    faulty = any(not part.ok for part in parts)
    return Report(
        parts=parts,
        waiting=waiting(runtime) if faulty else [],
        versions=_versions(runtime),
    )


def unusable(fault: Exception, said: str) -> Part:
    """Return what keeps this instance from being looked at as a part that is at fault."""
    name = _("Settings") if isinstance(fault, SettingsError) else _("Database")
    return Part(name=name, ok=False, detail=_("cannot be used"), fix=said)


def without_database() -> list[Part]:
    """Look at broker and disk where the database cannot be used; at none with wrong settings."""
    try:
        settings = read_settings()
        queue = RedisQueue(broker_url(settings)).health()
    except SettingsError:
        return []
    return [_broker(queue), disk_of(settings)]


def moving(runtime: Runtime, queue: QueueHealth) -> list[Part]:
    """Look at what must run for anything to move: broker, workers, scheduler."""
    return [_broker(queue), _workers(runtime, queue), _scheduler(runtime)]


def _versions(runtime: Runtime) -> dict[str, str]:
    dialect = runtime.session.get_bind().engine.dialect
    found = ".".join(str(number) for number in dialect.server_version_info or ())
    return {
        "Fanfare": version("fanfare"),
        "Python": python_version(),
        DATABASES.get(dialect.name, dialect.name): found or _("unknown"),
        "RQ": version("rq"),
    }


def _broker(queue: QueueHealth) -> Part:
    holds = _("Hands work to the workers; what waits stays in the database.")
    if queue.broker:
        detail = ngettext("%(num)s job waits", "%(num)s jobs wait", queue.waiting)
        return Part(name=_("Broker"), ok=True, detail=detail, holds=holds)
    detail, fix = broker_faults.sick(queue)
    return Part(name=_("Broker"), ok=False, detail=detail, fix=fix, holds=holds)


def _workers(runtime: Runtime, queue: QueueHealth) -> Part:
    row = runtime.session.get(Heartbeat, WORKER)
    seen = queue.seen_at or (row.seen_at if row else None)
    holds = _("Sends, analyses, synchronises.")
    expected = runtime.settings.workers_expected
    detail = ngettext("%(num)s worker runs", "%(num)s workers run", queue.workers)
    if not queue.workers:
        detail = _("down") if queue.broker else _("not seen while the broker is down")
    elif queue.workers < expected:
        detail = _("%(n)s of %(all)s workers run", n=queue.workers, all=expected)
    return Part(
        name=_("Worker"),
        ok=queue.workers >= expected,
        detail=detail,
        seen_at=seen,
        fix=_("Start it with %(run)s worker.", run=RUN) if queue.workers < expected else "",
        holds=holds,
        stops=not queue.workers,
        figures={"running": queue.workers, "expected": expected},
    )


def _backlog(runtime: Runtime, queue: QueueHealth) -> Part:
    """Tell how long the oldest work waits that could go on at once."""
    age = oldest_work.age(runtime, queue)
    late = age is not None and age > oldest_work.TOO_LONG
    seconds = round(age.total_seconds()) if age else 0
    return Part(
        name=_("Waiting work"),
        ok=not late,
        detail=_("the oldest waits for %(time)s", time=duration(seconds)) if age else _("none"),
        fix=_("See whether workers and scheduler run; else start more workers.") if late else "",
        stops=False,
        figures={"oldest_seconds": seconds, "jobs": queue.waiting},
    )


def _scheduler(runtime: Runtime) -> Part:
    alive = scheduler_runs(runtime)
    row = runtime.session.get(Heartbeat, SCHEDULER)
    running, expected = heartbeats.schedulers(runtime), runtime.settings.schedulers_expected
    detail = _("running") if alive else _of_silence(runtime, row)
    if alive and running < expected:
        detail = _("%(n)s of %(all)s schedulers run", n=running, all=expected)
    good = alive and running >= expected
    return Part(
        name=_("Scheduler"),
        ok=good,
        detail=detail,
        seen_at=row.seen_at if row and not _ahead(runtime, row) else None,
        fix="" if good else _("Start it with %(run)s scheduler.", run=RUN),
        holds=_("Begins what is due: schedules, waves, retries."),
        stops=not alive,
        figures={"running": running, "expected": expected},
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
    brand = DATABASES.get(engine.dialect.name, engine.dialect.name)
    name = f"{_('Database')}, {brand}"
    try:
        schema.refuse_unfit(engine)
    except schema.Unfit as fault:
        return Part(name=name, ok=False, detail=_("does not fit this version"), fix=fault.message)
    return _writable(name, engine)


def _writable(name: str, engine: Engine) -> Part:
    fault = storage.database_fault(engine, wait=100)
    if fault:
        return Part(name=name, ok=False, detail=_("cannot be written"), fix=fault)
    where = location.database(engine.url)
    return Part(name=name, ok=True, detail=_("up to date: %(database)s", database=where))


def disk(runtime: Runtime) -> Part:
    """Tell whether there is room for what this instance writes."""
    return disk_of(runtime.settings)


def disk_of(settings: Settings) -> Part:
    """Tell whether there is room on the disks that some settings name."""
    fault = storage.disk_fault(settings)
    free = min(storage.free_bytes(folder) for folder in storage.folders(settings))
    return Part(
        figures={"free_bytes": free},
        name=_("Disk"),
        ok=not fault,
        detail=_free(free),
        fix=fault,
    )


def _free(free: int) -> str:
    megabytes = free // storage.MEGABYTE
    if megabytes < MANY:
        return _("%(n)s MB free", n=number(megabytes))
    return _("%(n)s GB free", n=number(round(megabytes / 1000)))


def keys(runtime: Runtime) -> Part:
    """Tell whether the encryption keys of this instance open what is stored."""
    name, closed = _("Encryption keys"), unreadable(runtime)
    if not closed:
        return Part(name=name, ok=True, detail=_("open every stored secret"))
    return Part(
        name=name,
        ok=False,
        detail=_("do not open the secrets of %(who)s", who=", ".join(closed)),
        fix=_(
            "Put the key they were written with into FANFARE_ENCRYPTION_KEYS, behind a comma, or "
            "enter the secrets again."
        ),
    )
