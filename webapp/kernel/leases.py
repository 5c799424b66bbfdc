"""Leases: a row of work is one job's for a while, and anybody's again when that job is silent.

Whoever asks a worker for work makes a token and puts it into the arguments of the job. The job
takes the lease when it begins, under its token, if the row is due and nobody's. Every write of its
row asks for the token again, so a job that waited too long, or a worker that was held up, changes
nothing of what is another's by then.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT
from webapp.kernel.db.changes import updated
from webapp.kernel.processes import shutdown
from webapp.kernel.time.expiry import expired

if TYPE_CHECKING:
    from webapp.kernel.runtime import Runtime

NOBODY = ""


class Leased:
    """Columns of a row that one job at a time works on; the end is on the machine's clock."""

    id: Mapped[int] = mapped_column(primary_key=True)
    leased_until: Mapped[datetime | None]
    lease_token: Mapped[str] = mapped_column(SHORT, default=NOBODY, server_default=NOBODY)


@dataclass(slots=True)
class Lease:
    """What a job holds: the row, the token under which it is the job's, and until when."""

    model: type[Leased]
    row_id: int
    token: str
    until: datetime
    # A helper works under the lease of another job, and neither renews nor ends it.
    helps: bool = False

    def is_of(self, row: Leased) -> bool:
        """Tell whether a row, as it was just read, is still the job's."""
        return row.lease_token == self.token


def new_token() -> str:
    """Return a token that no other job has."""
    return uuid4().hex


def length(runtime: "Runtime") -> timedelta:
    """Return how long a lease lasts that nobody renews."""
    return timedelta(seconds=runtime.settings.lease_seconds)


def end(runtime: "Runtime") -> datetime:
    """Return when a lease taken now ends, on the machine's clock."""
    return runtime.clock.system() + length(runtime)


def free(runtime: "Runtime", model: type[Leased]) -> ColumnElement[bool]:
    """Return the condition that a row is nobody's just now."""
    over = expired(model.leased_until, runtime.clock.system(), length(runtime))
    return or_(model.leased_until.is_(None), over)


def take(
    runtime: "Runtime", model: type[Leased], row_id: int, token: str, due: ColumnElement[bool]
) -> "Runtime | None":
    """Lease a row that is `due` and nobody's; return the runtime to work with, or nothing.

    The row count proves that it is this job's. Commits.
    """
    lease = Lease(model, row_id, token or new_token(), end(runtime))
    values = {"leased_until": lease.until, "lease_token": lease.token}
    taken = updated(
        runtime.session,
        update(model).where(model.id == row_id, free(runtime, model), due).values(**values),
    )
    runtime.session.commit()
    return replace(runtime, lease=lease) if taken else None


def join(
    runtime: "Runtime", model: type[Leased], row_id: int, token: str, goes_on: ColumnElement[bool]
) -> "Runtime | None":
    """Return the runtime of a helper of the job with this token, or nothing where it holds no more.

    The conditions of `mine` then fence the helper's writes, too. Commits.
    """
    lease = Lease(model, row_id, token, end(runtime), helps=True)
    held = model.leased_until.is_not(None), model.lease_token != NOBODY
    joined = replace(runtime, lease=lease)
    query = select(model.id).where(*mine(joined, model, row_id), *held, goes_on)
    found = runtime.session.scalar(query)
    runtime.session.commit()
    return joined if found is not None else None


def mine(runtime: "Runtime", model: type[Leased], row_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which the present job may change a row.

    Who works under no lease, or for another row, may change it: operators do.
    """
    lease = runtime.lease
    if lease is None or (lease.model, lease.row_id) != (model, row_id):
        return (model.id == row_id,)
    return (model.id == row_id, model.lease_token == lease.token)


def keep(runtime: "Runtime", *conditions: ColumnElement[bool]) -> bool:
    """Renew the lease of the present job; false when it is another's, or a condition fails.

    A worker that was asked to end keeps nothing, so that it hands its work back. Commits.
    """
    lease = runtime.lease
    if lease is None or shutdown.asked():
        return False
    if lease.helps:
        return True
    lease.until = end(runtime)
    kept = updated(
        runtime.session,
        update(lease.model)
        .where(*mine(runtime, lease.model, lease.row_id), *conditions)
        .values(leased_until=lease.until),
    )
    runtime.session.commit()
    return bool(kept)


def keep_up(runtime: "Runtime", *conditions: ColumnElement[bool]) -> bool:
    """Keep a lease through many short steps: it is written again once a third of it is over."""
    if runtime.lease is None or shutdown.asked():
        return False
    if runtime.lease.helps:
        return True
    left = runtime.lease.until - runtime.clock.system()
    fresh = length(runtime) * 2 / 3 <= left <= length(runtime)
    return fresh or keep(runtime, *conditions)


def holds(runtime: "Runtime", row: Leased) -> bool:
    """Tell of a row that was just read and locked whether it is still the present job's."""
    lease = runtime.lease
    return lease is not None and not lease.helps and lease.is_of(row)


def release(row: Leased) -> None:
    """Free a row that was just read and locked; the caller commits."""
    row.leased_until, row.lease_token = None, NOBODY


def free_of(runtime: "Runtime", model: type[Leased], row_id: int, token: str) -> bool:
    """Free a row of a job that is known to be dead; tell whether it was still its; commits."""
    if token == NOBODY:
        return False
    freed = updated(
        runtime.session,
        update(model)
        .where(model.id == row_id, model.lease_token == token)
        .values(leased_until=None, lease_token=NOBODY),
    )
    runtime.session.commit()
    return bool(freed)
