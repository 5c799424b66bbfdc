"""The windows of the limits that hold for a service: opened on first use, rolled over when lapsed.

A limit of the account is held by the service, a limit of the app by all services with the same
keys, and the operator's own daily cap by the service under a name of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from channels import Operation, Scope
from webapp.kernel.runtime import Runtime
from webapp.services.context import context_of
from webapp.services.models import QuotaWindow, Service

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One limit as it applies to a service: who shares it, how long, how much."""

    holder: str
    operation: Operation
    seconds: int
    cap: int

    @property
    def own_cap(self) -> bool:
        """Whether this is the operator's own daily cap."""
        return self.holder.startswith("cap:")


def declared(runtime: Runtime, service: Service) -> list[Window]:
    """Return every window that holds for `service`."""
    channel = runtime.registry.get(service.kind)
    limits = channel.limits.limits(context_of(runtime, service)) if channel.limits else ()
    windows = [
        Window(
            holder=holder_of(service, limit.scope, limit.shared_key),
            operation=limit.operation,
            seconds=limit.seconds,
            cap=limit.cap,
        )
        for limit in limits
    ]
    return [*windows, cap_of(service)]


def cap_of(service: Service) -> Window:
    """Return the window of the operator's own daily cap."""
    return Window(
        holder=f"cap:{service.id}",
        operation=Operation.DIRECT,
        seconds=DAY,
        cap=service.daily_cap,
    )


def holder_of(service: Service, scope: Scope, shared_key: str) -> str:
    """Return who shares a limit, as rows of the quota name it."""
    if scope is Scope.APP and shared_key:
        return f"app:{service.kind}:{shared_key}"
    return f"service:{service.id}"


def resets_at(runtime: Runtime, window: Window) -> datetime:
    """Return when a window opened now resets; the daily cap does at midnight of the instance."""
    now = runtime.now()
    if not window.own_cap:
        return now + timedelta(seconds=window.seconds)
    zone = runtime.settings.zone
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone)


def open_all(runtime: Runtime, windows: Iterable[Window]) -> None:
    """Make missing rows, adopt caps the operator changed, and roll lapsed windows over."""
    now = runtime.now()
    for window in windows:
        runtime.session.execute(_insert(runtime, window))
        key = row_of(window)
        runtime.session.execute(
            update(QuotaWindow)
            .where(*key, QuotaWindow.resets_at <= now)
            .values(used=0, cap=window.cap, resets_at=resets_at(runtime, window), stated_at=None)
        )
        if window.own_cap:
            runtime.session.execute(update(QuotaWindow).where(*key).values(cap=window.cap))


def _insert(runtime: Runtime, window: Window) -> Any:
    dialect = runtime.session.get_bind().dialect.name
    insert = insert_sqlite if dialect == "sqlite" else insert_postgresql
    return (
        insert(QuotaWindow)
        .values(
            holder=window.holder,
            operation=window.operation.value,
            seconds=window.seconds,
            cap=window.cap,
            used=0,
            resets_at=resets_at(runtime, window),
        )
        .on_conflict_do_nothing()
    )


def row_of(window: Window) -> tuple[Any, ...]:
    """Return the conditions that name the row of `window`."""
    return (
        QuotaWindow.holder == window.holder,
        QuotaWindow.operation == window.operation.value,
        QuotaWindow.seconds == window.seconds,
    )


def rows(runtime: Runtime, windows: Iterable[Window]) -> dict[Window, QuotaWindow | None]:
    """Return the stored row of each window; none for one never used."""
    return {
        window: runtime.session.scalar(
            select(QuotaWindow).where(*row_of(window)).execution_options(populate_existing=True)
        )
        for window in windows
    }
