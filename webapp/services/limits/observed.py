"""What the network itself says about its limits, by its headers or by a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Case, case

from channels import ObservedLimit, Operation, Scope
from webapp.kernel.runtime import Runtime
from webapp.services.limits.windows import (
    Window,
    WindowState,
    change,
    declared,
    make_open,
    of_operation,
    order,
    rows,
)
from webapp.services.models import QuotaWindow, Service

SLACK = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
# A reset that is over by this clock is asked for again a moment later, not at once.
PAUSE = timedelta(seconds=5)
# Where no window is known, nobody is kept waiting for longer than a day.
LONGEST = timedelta(days=1)


def correct(
    runtime: Runtime,
    service: Service,
    *limits: ObservedLimit,
    among: Sequence[Window] | None = None,
    standing: Mapping[Window, WindowState] | None = None,
) -> None:
    """Adopt what the network stated about its windows, `among` those if given; caller commits.

    `standing` is what is known of them from the turns of the call: what agrees with that brings no
    news, and nothing is asked of the database.
    """
    if not limits:
        return
    now = runtime.now()
    windows = declared(runtime, service) if among is None else among
    stated = _news(limits, windows, standing or {}, now)
    if not stated:
        return
    known = rows(runtime, [window for window, _limit in stated])
    for window, told in sorted(stated, key=lambda pair: order(pair[0])):
        limit = _believable(told, known[window], now)
        if _agrees(known[window], limit):
            continue
        make_open(runtime, window)
        change(
            runtime,
            window,
            used=_counted(limit),
            cap=limit.cap,
            resets_at=limit.resets_at,
            stated_at=now,
        )


def _news(
    limits: Sequence[ObservedLimit],
    windows: Sequence[Window],
    standing: Mapping[Window, WindowState],
    now: datetime,
) -> list[tuple[Window, ObservedLimit]]:
    """Return what was stated of which window, but for what is known already.

    An answer that comes late may speak of a window that is over.
    """
    return [
        (window, limit)
        for limit in limits
        for window in windows
        if limit.resets_at > now
        and _speaks_of(limit, window)
        and not _agrees(standing.get(window), limit)
    ]


def _believable(limit: ObservedLimit, row: QuotaWindow | None, now: datetime) -> ObservedLimit:
    """Return a statement whose reset can be true: no window lasts longer than it is long.

    Of one that cannot the reset is left as it was counted here.
    """
    length = timedelta(seconds=limit.seconds)
    if limit.resets_at <= now + length + SLACK:
        return limit
    live = row is not None and row.resets_at > now
    return replace(limit, resets_at=row.resets_at if row and live else now + length)


def _speaks_of(limit: ObservedLimit, window: Window) -> bool:
    return not window.own_cap and (limit.operation, limit.scope, limit.seconds) == (
        window.operation,
        window.scope,
        window.seconds,
    )


def _agrees(row: QuotaWindow | WindowState | None, limit: ObservedLimit) -> bool:
    """Tell whether a window holds already what the network says; most answers bring no news."""
    return (
        row is not None
        and (row.cap, row.resets_at) == (limit.cap, limit.resets_at)
        and row.used >= limit.cap - limit.remaining
    )


def _counted(limit: ObservedLimit) -> Case[int]:
    """Return how much of a window is used by the network's word, and by our own where it is higher.

    The network has not seen the calls that are under way, so its word about the window we count
    in lowers nothing. A window that resets later than ours is a new one.
    """
    stated = max(0, limit.cap - limit.remaining)
    slack = min(SLACK, timedelta(seconds=limit.seconds / 10))
    return case(
        (QuotaWindow.resets_at < limit.resets_at - slack, stated),
        (QuotaWindow.used < stated, stated),
        else_=QuotaWindow.used,
    )


def stop_until(
    runtime: Runtime, service: Service, operation: Operation, until: datetime | None
) -> datetime:
    """Close a window of `operation` after a refusal, and return when it is open again; commits.

    `until` is when the network says to come back, if it does. A window the network spoke of may
    explain the refusal already. Else the shortest that may last that long is closed, never for
    longer than it is long: what is further away than any window is taken for a mistake.
    """
    now = runtime.now()
    windows = [item for item in of_operation(runtime, service, operation) if not item.own_cap]
    ends = _explained(runtime, windows) if windows else None
    if ends is None:
        at = max(until or min(_told(runtime, windows) or now + QUARTER, now + QUARTER), now + PAUSE)
        ends = _close(runtime, windows, at) if windows else min(at, now + LONGEST)
    runtime.session.commit()
    return ends


def _close(runtime: Runtime, windows: Sequence[Window], until: datetime) -> datetime:
    """Close the window that fits a refusal and return its end."""
    now = runtime.now()
    window = _fitting(windows, until - now)
    ends = min(until, now + timedelta(seconds=window.seconds))
    make_open(runtime, window)
    change(runtime, window, used=QuotaWindow.cap, resets_at=ends, stated_at=now)
    return ends


def _explained(runtime: Runtime, windows: Sequence[Window]) -> datetime | None:
    """Return when the windows open again of which the network itself says that they are spent."""
    now = runtime.now()
    spent = [
        row.resets_at
        for row in rows(runtime, windows).values()
        if row is not None and row.stated_at and row.used >= row.cap and row.resets_at > now
    ]
    return max(spent, default=None)


def _told(runtime: Runtime, windows: Sequence[Window]) -> datetime | None:
    """Return the next reset the network spoke of, whatever it said is left until then."""
    now = runtime.now()
    resets = [
        row.resets_at
        for row in rows(runtime, windows).values()
        if row is not None and row.stated_at and row.resets_at > now
    ]
    return min(resets, default=None)


def _fitting(windows: Sequence[Window], wait: timedelta) -> Window:
    """Return the shortest window that may last for `wait`, the account's own before the app's.

    A wait that is longer than all of them tells nothing, so the shortest is tried again first.
    """
    seconds = (wait - SLACK).total_seconds()
    fitting = [window for window in windows if window.seconds >= seconds] or windows
    return min(fitting, key=lambda window: (window.seconds, window.scope is Scope.APP))
