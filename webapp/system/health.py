"""How the background is: broker, workers, scheduler, database, and what a fault holds up."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from webapp.deliveries.models import ACTIVE, Delivery, DeliveryState
from webapp.kernel import schema
from webapp.kernel.queue import QueueHealth
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _, plural
from webapp.services.context import unreadable
from webapp.services.models import Service, ServiceState
from webapp.workflows.models import Heartbeat, Run, RunState
from webapp.workflows.standstill import SCHEDULER, scheduler_runs

OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)
ATTENTION = (DeliveryState.PAUSED, DeliveryState.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """A fault that stops work, as every page shows it."""

    tone: str
    title: str
    text: str
    action_label: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the background: whether it works, since when it was seen, what to do."""

    name: str
    ok: bool
    detail: str
    seen_at: datetime | None = None
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything the health page shows."""

    parts: list[Part]
    queue: QueueHealth
    held: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything works."""
        return all(part.ok for part in self.parts)


def report(runtime: Runtime) -> Report:
    """Look at every part now."""
    queue = runtime.queue.health()
    parts = [
        _broker(queue), _workers(queue), _scheduler(runtime), _database(runtime), _keys(runtime),
    ]  # fmt: skip
    faulty = any(not part.ok for part in parts)
    return Report(parts=parts, queue=queue, held=_held(runtime) if faulty else [])


def _broker(queue: QueueHealth) -> Part:
    if queue.broker:
        return Part(name=_("Broker"), ok=True, detail=_("answers"))
    return Part(
        name=_("Broker"),
        ok=False,
        detail=_("does not answer"),
        fix=_("Start Redis or Valkey, or check REDIS_URL."),
    )


def _workers(queue: QueueHealth) -> Part:
    if queue.workers:
        detail = plural("%(num)s worker runs", "%(num)s workers run", queue.workers)
        return Part(name=_("Worker"), ok=True, detail=detail)
    detail = _("not running") if queue.broker else _("not seen while the broker is down")
    return Part(name=_("Worker"), ok=False, detail=detail, fix=_("Start one with ./run worker."))


def _scheduler(runtime: Runtime) -> Part:
    alive = scheduler_runs(runtime)
    row = runtime.session.get(Heartbeat, SCHEDULER)
    return Part(
        name=_("Scheduler"),
        ok=alive,
        detail=_("running") if alive else _("not running"),
        seen_at=row.seen_at if row else None,
        fix="" if alive else _("Start one with ./run scheduler."),
    )


def _database(runtime: Runtime) -> Part:
    engine = runtime.session.get_bind().engine
    name = f"{_('Database')}, {engine.dialect.name}"
    try:
        missing = schema.pending(engine)
    except schema.Unfit as fault:
        return Part(name=name, ok=False, detail=_("newer than this version"), fix=fault.message)
    if not missing:
        return Part(name=name, ok=True, detail=_("up to date"))
    return Part(
        name=name,
        ok=False,
        detail=plural("%(num)s migration waits", "%(num)s migrations wait", len(missing)),
        fix=_("Run ./run db upgrade."),
    )


def _keys(runtime: Runtime) -> Part:
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


def _held(runtime: Runtime) -> list[str]:
    """Name what waits while the background is down."""
    deliveries = runtime.session.scalars(
        select(Delivery.label).where(Delivery.state.in_(ACTIVE)).order_by(Delivery.id).limit(3)
    )
    runs = runtime.session.scalar(select(func.count(Run.id)).where(Run.state.in_(OPEN)))
    held = [f"“{label}”" for label in deliveries]
    if runs:
        held.append(plural("%(num)s workflow run", "%(num)s workflow runs", runs))
    return held


def frame(runtime: Runtime) -> dict[str, Any]:
    """Return what the frame of every page says about the system."""
    queue = runtime.queue.health()
    parts = [_broker(queue), _workers(queue), _scheduler(runtime), _keys(runtime)]
    down = [part for part in parts if not part.ok]
    sentence = (
        _("worker, scheduler, queue")
        if not down
        else ", ".join(f"{part.name}: {part.detail}" for part in down)
    )
    banners = [_down(runtime, down)] if down else []
    return {"ok": not down, "sentence": sentence, "banners": [*banners, *_services(runtime)]}


def _down(runtime: Runtime, parts: list[Part]) -> Banner:
    first = parts[0]
    held = _held(runtime)
    waits = _("Nothing waits for it now.")
    if held:
        waits = _("It holds up %(what)s. Nothing is lost.", what=", ".join(held))
    return Banner(
        tone="bad",
        title=_("%(name)s: %(detail)s.", name=first.name, detail=first.detail),
        text=f"{waits} {first.fix}",
        action_label=_("System health"),
        endpoint="system.health_page",
    )


def _services(runtime: Runtime) -> list[Banner]:
    rows = runtime.session.scalars(
        select(Service).where(
            Service.state == ServiceState.NEEDS_FIXING, Service.removed_at.is_(None)
        )
    )
    return [
        Banner(
            tone="warn",
            title=_("@%(name)s needs fixing.", name=row.internal_name),
            text=row.fault,
            action_label=_("Services"),
            endpoint="services.index",
        )
        for row in rows
    ]


def counts(runtime: Runtime) -> dict[str, int]:
    """Return how many deliveries and services need the operator."""
    deliveries = select(func.count(Delivery.id)).where(
        Delivery.state.in_(ATTENTION), Delivery.parent_id.is_(None)
    )
    services = select(func.count(Service.id)).where(
        Service.state == ServiceState.NEEDS_FIXING, Service.removed_at.is_(None)
    )
    return {
        "deliveries": runtime.session.scalar(deliveries) or 0,
        "services": runtime.session.scalar(services) or 0,
    }
