"""What the network itself says about its limits, by its headers or by a refusal."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Case, case

from channels import ObservedLimit, Operation, Scope
from webapp.kernel.runtime import Runtime
from webapp.services.models import QuotaWindow, Service
from webapp.services.windows import Window, change, declared, make_open, of_operation, order, rows

SLACK = timedelta(minutes=1)


def correct(runtime: Runtime, service: Service, *limits: ObservedLimit) -> None:
    """Adopt what the network stated about its windows; the caller commits."""
    now = runtime.now()
    windows = declared(runtime, service) if limits else []
    # An answer that comes late may speak of a window that is over.
    stated = [
        (window, limit)
        for limit in limits
        for window in windows
        if limit.resets_at > now and _speaks_of(limit, window)
    ]
    known = rows(runtime, [window for window, _limit in stated])
    for window, limit in sorted(stated, key=lambda pair: order(pair[0])):
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


def _speaks_of(limit: ObservedLimit, window: Window) -> bool:
    return not window.own_cap and (limit.operation, limit.scope, limit.seconds) == (
        window.operation,
        window.scope,
        window.seconds,
    )


def _agrees(row: QuotaWindow | None, limit: ObservedLimit) -> bool:
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


def stop_until(runtime: Runtime, service: Service, operation: Operation, until: datetime) -> None:
    """Close a window of `operation` until the network opens it again; commits.

    It is the shortest that may last that long, unless a window the network spoke of explains
    the refusal already.
    """
    windows = [item for item in of_operation(runtime, service, operation) if not item.own_cap]
    if windows and not _explained(runtime, windows, until):
        window = _shortest(windows, (until - runtime.now()).total_seconds())
        make_open(runtime, window)
        now = runtime.now()
        change(runtime, window, used=QuotaWindow.cap, resets_at=until, stated_at=now)
    runtime.session.commit()


def _explained(runtime: Runtime, windows: Sequence[Window], until: datetime) -> bool:
    return any(
        row is not None and row.used >= row.cap and row.resets_at >= until - SLACK
        for row in rows(runtime, windows).values()
    )


def _shortest(windows: Sequence[Window], wait: float) -> Window:
    """Return the shortest window of at least `wait` seconds, the account's own before the app's."""
    longest = max(window.seconds for window in windows)
    fitting = [window for window in windows if window.seconds >= min(wait, longest)]
    return min(fitting, key=lambda window: (window.seconds, window.scope is Scope.APP))
