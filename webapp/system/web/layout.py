"""What the frame of every page says: how the system is, what stands still, what needs somebody."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from webapp.deliveries.models import ACTIVE, Delivery, DeliveryService
from webapp.kernel.i18n import _
from webapp.kernel.navigation import Entry
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import clock_time, duration
from webapp.services.models import Service, ServiceState
from webapp.system.health import disk, keys, moving
from webapp.system.health.backlog import waiting
from webapp.system.health.part import Part
from webapp.system.health.troubles import networks
from webapp.system.web import about

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """A fault that stops work, as every page shows it."""

    tone: str
    title: str
    text: str
    action_label: str = ""
    endpoint: str = ""
    service_id: int | None = None


def frame(runtime: Runtime) -> dict[str, Any]:
    """Return whether the system runs, a sentence about it, and the banners."""
    moves = [part for part in moving(runtime, runtime.queue.health()) if not part.ok]
    down = [part for part in moves if part.stops]
    slow = [part for part in moves if not part.stops]
    closed = [
        part for part in (*slow, disk(runtime), keys(runtime), *networks(runtime)) if not part.ok
    ]
    banners = [*([_down(runtime, down)] if down else []), *map(_closed, closed)]
    return {
        "ok": not down and not closed,
        "sentence": _foot(runtime, [*down, *closed]),
        "banners": [*banners, *_services(runtime), *_safe_mode(runtime)],
    }


def _safe_mode(runtime: Runtime) -> list[Banner]:
    """Say on every page that plugins of others are left out, for what is theirs waits."""
    if not runtime.registry.safe_mode:
        return []
    text = _(
        "What needs a plugin of others waits. To go on, start Fanfare without FANFARE_SAFE_MODE."
    )
    title = _("Safe mode: plugins of others are left out.")
    return [Banner(tone="warn", title=title, text=text)]


def _foot(runtime: Runtime, down: list[Part]) -> str:
    """Return two lines for the foot of the side."""
    if not down:
        moved = about.demo_time(runtime) or _("worker, scheduler, queue")
        return _("System running\n%(more)s", more=moved)
    title = _("%(name)s is down", name=down[0].name)
    gone = _silent(runtime, down[0])
    return _("%(title)s\nfor %(time)s", title=title, time=duration(gone)) if gone else title


def _silent(runtime: Runtime, part: Part) -> float | None:
    """Return for how many seconds a part was not seen; nothing where nobody knows."""
    if part.seen_at is None:
        return None
    return max(0.0, (runtime.clock.system() - part.seen_at).total_seconds())


def _down(runtime: Runtime, parts: list[Part]) -> Banner:
    first = parts[0]
    stands = "; ".join(waiting(runtime))
    waits = _("%(what)s. Nothing is lost.", what=stands) if stands else _("Nothing waits for it.")
    return Banner(
        tone="bad",
        title=_title(runtime, first),
        text=f"{waits} {first.fix}",
        action_label=_("System health"),
        endpoint="system.health_page",
    )


def _closed(part: Part) -> Banner:
    """Return the banner of a full disk, or of keys that open not every secret."""
    return Banner(
        tone="bad",
        title=f"{part.name} {part.detail}.",
        text=part.fix,
        action_label=_("System health"),
        endpoint="system.health_page",
    )


def _title(runtime: Runtime, part: Part) -> str:
    gone = _silent(runtime, part)
    if gone is None or gone > DAY:
        return _("%(name)s: %(detail)s.", name=part.name, detail=part.detail)
    return _(
        "%(name)s: %(detail)s since %(time)s.",
        name=part.name,
        detail=part.detail,
        time=clock_time(part.seen_at),
    )


def _services(runtime: Runtime) -> list[Banner]:
    """Return a banner for each service whose fault holds something up."""
    return [
        Banner(
            tone="warn",
            title=_("%(name)s needs fixing.", name=service.shown_name),
            text=_("%(fault)s It holds up “%(label)s”.", fault=service.fault, label=label),
            action_label=_("Fix it"),
            endpoint="services.show",
            service_id=service.id,
        )
        for service, label in runtime.session.execute(_broken())
    ]


def _broken() -> Select[Service, str]:
    """Return the services at fault, each with a delivery that waits for it."""
    return (
        select(Service, func.min(Delivery.label))
        .join(DeliveryService, DeliveryService.service_id == Service.id)
        .join(Delivery, Delivery.id == DeliveryService.delivery_id)
        .where(
            Service.state == ServiceState.NEEDS_FIXING,
            Service.removed_at.is_(None),
            Delivery.state.in_(ACTIVE),
            Delivery.parent_id.is_(None),
        )
        .group_by(Service.id)
        .order_by(Service.id)
        .options(lazyload(Service.folder))
    )


def waiting_for_operator(runtime: Runtime) -> dict[str, int]:
    """Return how many things wait for the operator behind each entry that counts, by endpoint."""
    entries: tuple[Entry, ...] = runtime.domains.navigation
    return {entry.endpoint: entry.count(runtime) for entry in entries if entry.count}
