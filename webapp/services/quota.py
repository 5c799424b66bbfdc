"""Counts what limits allow: one row for each window, used up by an UPDATE that cannot overshoot.

Windows are declared by the channel, opened on first use, and corrected by what the network
itself states. No worker sleeps: a spent window says when it resets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from channels import ObservedLimit, Operation, Scope
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.services.models import QuotaWindow, Service
from webapp.services.windows import Window, declared, open_all, row_of, rows

MINUTE = 60
DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A limit that allows no more before `until`."""

    window: Window
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A window as pages show it; `resets_at` is `None` while nothing is used."""

    window: Window
    used: int
    cap: int
    resets_at: datetime | None
    stated_at: datetime | None

    @property
    def operation(self) -> str:
        """The operation in words."""
        return operation_words(self.window.operation)

    @property
    def span(self) -> str:
        """The length of the window and who shares it, in words."""
        return span_words(self.window)

    @property
    def left(self) -> int:
        """How many more the window allows."""
        return max(0, self.cap - self.used)


def reserve(
    runtime: Runtime, service: Service, operation: Operation, *, units: int = 1
) -> Spent | None:
    """Take `units` from every window of `operation`, or from none.

    Returns the spent window that resets last, or nothing. Commits. Safe with any number of
    workers: each row is taken by a conditional UPDATE.
    """
    windows = _of(runtime, service, operation)
    open_all(runtime, windows)
    spent = [window for window in windows if not _take(runtime, window, units)]
    if not spent:
        runtime.session.commit()
        return None
    runtime.session.rollback()
    return _last(runtime, spent)


def give_back(runtime: Runtime, service: Service, operation: Operation, *, units: int = 1) -> None:
    """Return what was reserved for a call that was never made; the caller commits."""
    for window in _of(runtime, service, operation):
        runtime.session.execute(
            update(QuotaWindow)
            .where(*row_of(window), QuotaWindow.used >= units)
            .values(used=QuotaWindow.used - units)
        )


def _of(runtime: Runtime, service: Service, operation: Operation) -> list[Window]:
    # One order for everybody, so that two workers cannot wait for each other.
    windows = [item for item in declared(runtime, service) if item.operation == operation]
    return sorted(windows, key=lambda item: (item.holder, item.seconds))


def _take(runtime: Runtime, window: Window, units: int) -> bool:
    taken = runtime.session.execute(
        update(QuotaWindow)
        .where(*row_of(window), QuotaWindow.used + units <= QuotaWindow.cap)
        .values(used=QuotaWindow.used + units)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count


def _last(runtime: Runtime, spent: Sequence[Window]) -> Spent:
    found = rows(runtime, spent)
    ends = {window: row.resets_at for window, row in found.items() if row}
    runtime.session.commit()
    last = max(spent, key=lambda window: ends.get(window, runtime.now()))
    return Spent(window=last, until=ends.get(last, runtime.now()))


def correct(runtime: Runtime, service: Service, limit: ObservedLimit) -> None:
    """Adopt what the network stated about one of its windows; the caller commits.

    A statement about the window we count in never lowers what we reserved: other calls may be
    under way that the network has not seen yet.
    """
    for window in _stated(runtime, service, limit):
        open_all(runtime, [window])
        row = rows(runtime, [window])[window]
        if row is None:
            continue
        stated = max(0, limit.cap - limit.remaining)
        same = abs(row.resets_at - limit.resets_at) <= timedelta(seconds=MINUTE)
        row.used = max(row.used, stated) if same else stated
        row.cap = limit.cap
        row.resets_at = limit.resets_at
        row.stated_at = runtime.now()


def _stated(runtime: Runtime, service: Service, limit: ObservedLimit) -> list[Window]:
    return [
        window
        for window in declared(runtime, service)
        if window.operation == limit.operation
        and window.seconds == limit.seconds
        and not window.own_cap
        and window.holder.startswith("app:") == (limit.scope is Scope.APP)
    ]


def stop_until(runtime: Runtime, service: Service, operation: Operation, until: datetime) -> None:
    """Close the shortest window of `operation` until the network opens it again; commits."""
    windows = [item for item in _of(runtime, service, operation) if not item.own_cap]
    open_all(runtime, windows[:1])
    for window in sorted(windows, key=lambda item: item.seconds)[:1]:
        runtime.session.execute(
            update(QuotaWindow)
            .where(*row_of(window))
            .values(used=QuotaWindow.cap, resets_at=until, stated_at=runtime.now())
        )
    runtime.session.commit()


def standing(
    runtime: Runtime, service: Service, operation: Operation | None = None
) -> list[Standing]:
    """Return how every window stands, or those of one operation; writes nothing."""
    windows = [item for item in declared(runtime, service) if operation in (None, item.operation)]
    now = runtime.now()
    found = []
    for window, row in rows(runtime, windows).items():
        live = row if row and row.resets_at > now else None
        found.append(
            Standing(
                window=window,
                used=live.used if live else 0,
                cap=live.cap if live and not window.own_cap else window.cap,
                resets_at=live.resets_at if live else None,
                stated_at=live.stated_at if live else None,
            )
        )
    return found


def operation_words(operation: Operation) -> str:
    """Return an operation as a table names it."""
    return {
        Operation.ACCOUNT: _("Account read"),
        Operation.AUDIENCE: _("Followers read"),
        Operation.INBOX: _("Messages read"),
        Operation.POST: _("Posts"),
        Operation.DELETE: _("Posts deleted"),
        Operation.DIRECT: _("Direct messages"),
        Operation.FIND: _("Outcomes looked up"),
    }[operation]


def span_words(window: Window) -> str:
    """Return how long a window is and who shares it."""
    if window.own_cap:
        return _("day, your cap")
    if window.seconds < DAY:
        span = _("%(n)s min", n=window.seconds // MINUTE)
    else:
        span = _("%(n)s h", n=window.seconds // 3600)
    if window.holder.startswith("app:"):
        return _("%(span)s, whole app", span=span)
    return span if window.seconds < DAY else _("%(span)s, account", span=span)
