"""The windows of the limits that hold for a service: opened on first use, rolled over when lapsed.

A limit of the account is held by the service, a limit of the app by all services with the same
keys, and the operator's own daily cap by the service under a name of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_, update

from channels import Operation, Scope
from webapp.kernel.db import insert_into
from webapp.kernel.db.changes import updated
from webapp.kernel.runtime import Runtime
from webapp.kernel.time import days
from webapp.services.channel.declared import limits
from webapp.services.models import QuotaWindow, Service

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One limit as it applies to a service: who shares it, how long, how much."""

    holder: str
    kind: str
    operation: Operation
    seconds: int
    cap: int
    # What a call of each operation takes from it.
    points: Mapping[Operation, int] = field(compare=False)
    # By whose clocks a window of the calendar begins; nothing for those of the instance.
    time_zone: str | None = None

    @property
    def own_cap(self) -> bool:
        """Whether this is the operator's own daily cap."""
        return self.holder.startswith("cap:")

    @property
    def scope(self) -> Scope:
        """Who shares the window: one account, or every account of one app."""
        return Scope.APP if self.holder.startswith("app:") else Scope.ACCOUNT


@dataclass(frozen=True, slots=True)
class WindowState:
    """How a window stood when calls were taken from it."""

    used: int
    cap: int
    resets_at: datetime


def declared(runtime: Runtime, service: Service) -> list[Window]:
    """Return every window that holds for `service`; its own cap alone when its plugin is gone."""
    windows = [
        Window(
            holder=holder_of(service, limit.scope, limit.shared_key),
            kind=service.kind,
            points=limit.points or {limit.operation: 1},
            operation=limit.operation,
            seconds=limit.seconds,
            cap=limit.cap,
        )
        for limit in limits(runtime, service)
    ]
    return [*windows, cap_of(service)]


def of_operation(runtime: Runtime, service: Service, operation: Operation) -> list[Window]:
    """Return the windows that count an operation, in the order in which everybody changes them."""
    return sorted(
        [item for item in declared(runtime, service) if operation in item.points], key=order
    )


def order(window: Window) -> tuple[str, str, int]:
    """Sort windows so that two workers that change several never wait for each other."""
    return window.operation.name, window.holder, window.seconds


def cap_of(service: Service) -> Window:
    """Return the window of the operator's own daily cap."""
    return Window(
        holder=f"cap:{service.id}",
        kind=service.kind,
        points={Operation.DIRECT: 1},
        operation=Operation.DIRECT,
        seconds=DAY,
        cap=service.daily_cap,
        time_zone=service.time_zone,
    )


def holder_of(service: Service, scope: Scope, shared_key: str) -> str:
    """Return who shares a limit, as rows of the quota name it."""
    if scope is Scope.APP:
        return f"app:{service.kind}:{shared_key}"
    return f"service:{service.id}"


def resets_at(runtime: Runtime, window: Window) -> datetime:
    """Return when a window opened now resets."""
    now = runtime.now()
    if window.own_cap:
        return days.ends(now, zone_of(runtime, window))
    return now + timedelta(seconds=window.seconds)


def zone_of(runtime: Runtime, owner: Service | Window) -> ZoneInfo:
    """Return by whose clocks the day of an account begins: everybody who sends shares its cap."""
    return days.named(owner.time_zone or "") or runtime.settings.zone


def make_open(runtime: Runtime, window: Window) -> None:
    """Make the row of a window that has none, and roll over one that lapsed."""
    fresh = {"cap": window.cap, "used": 0, "resets_at": resets_at(runtime, window)}
    name = {
        "holder": window.holder,
        "operation": window.operation.name,
        "seconds": window.seconds,
    }
    runtime.session.execute(
        insert_into(runtime.session, QuotaWindow).values(**name, **fresh).on_conflict_do_nothing()
    )
    lapsed = QuotaWindow.resets_at <= runtime.now()
    change(runtime, window, lapsed, **fresh, stated_at=None)


def change(runtime: Runtime, window: Window, *where: Any, **values: Any) -> bool:
    """Change the row of a window where more conditions hold; tell whether they did."""
    changed = updated(
        runtime.session,
        update(QuotaWindow).where(*row_of(window), *where).values(**values),
    )
    return bool(changed)


def row_of(window: Window) -> tuple[Any, ...]:
    """Return the conditions that name the row of `window`."""
    return (
        QuotaWindow.holder == window.holder,
        QuotaWindow.operation == window.operation.name,
        QuotaWindow.seconds == window.seconds,
    )


def rows(runtime: Runtime, windows: Iterable[Window]) -> dict[Window, QuotaWindow | None]:
    """Return the stored row of each window; none for one never used."""
    wanted = {(item.holder, item.operation.name, item.seconds): item for item in windows}
    key = tuple_(QuotaWindow.holder, QuotaWindow.operation, QuotaWindow.seconds)
    query = select(QuotaWindow).where(key.in_(wanted)).execution_options(populate_existing=True)
    found = runtime.session.scalars(query) if wanted else ()
    stored = {(row.holder, row.operation, row.seconds): row for row in found}
    return {window: stored.get(name) for name, window in wanted.items()}
