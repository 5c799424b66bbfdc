"""Counts what limits allow: one row for each window, used up by an UPDATE that cannot overshoot.

Windows are declared by the channel, opened on first use, and corrected by what the network
itself states. No worker sleeps: a spent window says when it resets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update

from channels import Operation, Scope
from webapp.kernel.db.prepared import run, table_of
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming
from webapp.kernel.text.notices import Notice
from webapp.kernel.time import days
from webapp.services.limits.windows import (
    Window,
    WindowState,
    cap_of,
    change,
    declared,
    make_open,
    of_operation,
    resets_at,
    rows,
    zone_of,
)
from webapp.services.models import QuotaWindow, Service

MINUTE = 60
DAY = 86_400


class LimitReached(Exception):
    """A limit allows no more before `until`; the client raises it, `reserve` returns it."""

    def __init__(self, *, window: Window, until: datetime) -> None:
        super().__init__(window, until)
        self.window = window
        self.until = until


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitUsage:
    """A window as pages show it; `resets_at` is `None` for one that begins with its first use."""

    window: Window
    used: int
    cap: int
    resets_at: datetime | None
    stated_at: datetime | None

    @property
    def declared(self) -> Operation:
        """The operation as the channel declares it."""
        return naming.operation(self.window.kind, self.window.operation.name)

    @property
    def operation(self) -> str:
        """The operation in words."""
        return self.declared.label

    @property
    def span(self) -> Notice:
        """The length of the window and who shares it, in words."""
        return span_words(self.window)

    @property
    def left(self) -> int:
        """How many more the window allows."""
        return max(0, self.cap - self.used)


def reserve(
    runtime: Runtime,
    service: Service,
    operation: Operation,
    *,
    units: int = 1,
    among: Sequence[Window] | None = None,
) -> LimitReached | None:
    """Take `units` calls from every window that counts `operation`, or from none.

    They are taken `among` these windows if given. Returns the spent window that resets last, or
    nothing. Commits, with whatever the caller left pending. Safe with any number of workers: each
    row is taken by a conditional UPDATE.
    """
    with runtime.session.begin_nested() as taking:
        windows = of_operation(runtime, service, operation) if among is None else among
        spent = [
            item for item in windows if not _take(runtime, item, units * item.points[operation])
        ]
        if spent:
            taking.rollback()
    found = _last(runtime, spent) if spent else None
    runtime.session.commit()
    return found


def take(
    runtime: Runtime, windows: Sequence[Window], operation: Operation, *, calls: int = 1
) -> Mapping[Window, WindowState] | None:
    """Take so many calls from each window by one UPDATE, and return how each stands then.

    The rows it returns prove it; nothing is returned where one of them has no more. The caller
    commits. Whoever gets nothing takes it all back by a rollback, and asks `opened` why. The rows
    are locked in the order in which everybody changes them.
    """
    if not windows:
        return {}
    own = next((item.cap for item in windows if item.own_cap), 0)
    names = tuple(
        (
            item.holder,
            item.operation.name,
            item.seconds,
            calls * item.points[operation],
            item.own_cap,
        )
        for item in windows
    )
    given = {"b_now": runtime.now(), "b_cap": own}
    found = {
        (row.holder, row.operation, row.seconds): WindowState(row.used, row.cap, row.resets_at)
        for row in run(runtime.session, _taking(names), given)
    }
    if len(found) < len(windows):
        return None
    return {item: found[item.holder, item.operation.name, item.seconds] for item in windows}


@lru_cache(maxsize=100)
def _taking(names: tuple[tuple[str, str, int, int, bool], ...]) -> Any:
    """Return the UPDATE for some windows, made once: making takes longer than running."""
    table = table_of(QuotaWindow)
    window = table.c
    rows_of = [
        and_(window.holder == holder, window.operation == operation, window.seconds == seconds)
        for holder, operation, seconds, _units, _own in names
    ]
    units = case(*((row, name[3]) for row, name in zip(rows_of, names, strict=True)), else_=1)
    allowed = [
        and_(row, window.used + name[3] <= (bindparam("b_cap") if name[4] else window.cap))
        for row, name in zip(rows_of, names, strict=True)
    ]
    name = (window.operation, window.holder, window.seconds)
    in_order = select(window.id).where(or_(*rows_of)).order_by(*name).with_for_update()
    return (
        update(table)
        .where(window.id.in_(in_order), window.resets_at > bindparam("b_now"))
        .where(or_(*allowed))
        .values(used=window.used + units)
        .returning(
            window.holder,
            window.operation,
            window.seconds,
            window.used,
            window.cap,
            window.resets_at,
        )
    )


def opened(
    runtime: Runtime, windows: Sequence[Window], operation: Operation, *, calls: int = 1
) -> LimitReached | None:
    """Open the windows that are missing or lapsed; return what is spent all the same; commits."""
    for window in windows:
        make_open(runtime, window)
    runtime.session.commit()
    found = rows(runtime, windows)
    spent = [
        item
        for item, row in found.items()
        if row is None or row.used + calls * item.points[operation] > _cap(item, row)
    ]
    ends = _last(runtime, spent) if spent else None
    runtime.session.commit()
    return ends


def _cap(window: Window, row: QuotaWindow) -> int:
    return window.cap if window.own_cap else row.cap


def give_all_back(
    runtime: Runtime, service: Service, operation: Operation, since: datetime, *, calls: int = 1
) -> None:
    """Give calls back to every window they were taken from at `since`; the caller commits.

    For calls that never left this machine, so that the network did not count them either.
    """
    give_back(runtime, service, operation, since, calls=calls)
    for window in of_operation(runtime, service, operation):
        if not window.own_cap:
            # One that was opened anew since counts without it.
            same = QuotaWindow.resets_at <= since + timedelta(seconds=window.seconds)
            _return(runtime, window, calls * window.points[operation], same)


def give_back(
    runtime: Runtime, service: Service, operation: Operation, since: datetime, *, calls: int = 1
) -> None:
    """Give calls back to the operator's own cap: the network did nothing; the caller commits.

    Only what was taken at `since` is given back to its own day. The network's windows keep theirs,
    since the network counts refused calls too.
    """
    for window in of_operation(runtime, service, operation):
        if window.own_cap:
            day = QuotaWindow.resets_at == days.ends(since, zone_of(runtime, window))
            _return(runtime, window, calls, day)


def _return(runtime: Runtime, window: Window, units: int, *where: ColumnElement[bool]) -> None:
    """Give back to a window what was taken from it, where more conditions hold."""
    change(runtime, window, QuotaWindow.used >= units, *where, used=QuotaWindow.used - units)


def _take(runtime: Runtime, window: Window, units: int) -> bool:
    """Take from a window; one that is missing or lapsed is opened first."""
    if _taken(runtime, window, units):
        return True
    make_open(runtime, window)
    return _taken(runtime, window, units)


def _taken(runtime: Runtime, window: Window, units: int) -> bool:
    # The operator may change the own cap at any time; the network's may have been corrected.
    cap = window.cap if window.own_cap else QuotaWindow.cap
    used = QuotaWindow.used + units
    return change(runtime, window, QuotaWindow.resets_at > runtime.now(), used <= cap, used=used)


def _last(runtime: Runtime, spent: Sequence[Window]) -> LimitReached:
    """Return the spent window that resets last; an open one has the time of its reset stored."""
    now = runtime.now()
    ends = {
        window: row.resets_at if row and row.resets_at > now else resets_at(runtime, window)
        for window, row in rows(runtime, spent).items()
    }
    last = max(spent, key=lambda window: ends[window])
    return LimitReached(window=last, until=ends[last])


def used_of_cap(runtime: Runtime, service: Service) -> int:
    """Return how much of the operator's own daily cap is used today."""
    return _standing(runtime, [cap_of(service)])[0].used


@requires(Permission.VIEW)
def usage(
    runtime: Runtime, service: Service, operation: Operation | None = None
) -> list[LimitUsage]:
    """Return how every window stands, or those of one operation; writes nothing."""
    windows = declared(runtime, service)
    return _standing(
        runtime, [item for item in windows if operation is None or operation in item.points]
    )


def _standing(runtime: Runtime, windows: Sequence[Window]) -> list[LimitUsage]:
    now = runtime.now()
    found = []
    for window, row in rows(runtime, windows).items():
        live = row if row and row.resets_at > now else None
        ends = resets_at(runtime, window) if window.own_cap else None
        found.append(
            LimitUsage(
                window=window,
                used=live.used if live else 0,
                cap=live.cap if live and not window.own_cap else window.cap,
                resets_at=live.resets_at if live else ends,
                stated_at=live.stated_at if live else None,
            )
        )
    return found


def span_words(window: Window) -> Notice:
    """Return how long a window is and who shares it."""
    if window.own_cap:
        return Notice("span_own_cap")
    if window.seconds < DAY:
        span = Notice("span_minutes", n=window.seconds // MINUTE)
    else:
        span = Notice("span_hours", n=window.seconds // 3600)
    if window.scope is Scope.APP:
        return Notice("span_of_app", span=span)
    return span if window.seconds < DAY else Notice("span_of_account", span=span)
