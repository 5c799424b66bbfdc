"""Takes the rows of an import in, lot by lot, each with its figures in one commit.

A worker that dies leaves the lots it did not commit, and another goes on with them: no row is taken
in twice, none is lost, and nothing is half done.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import insert, select

from webapp.audience import erased
from webapp.audience.consent_files import applying, staging
from webapp.audience.consent_files.applying import Done
from webapp.audience.models import (
    ConsentImport,
    ConsentImportFault,
    ConsentImportState,
)
from webapp.kernel import leases
from webapp.kernel.audit import trusted
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

# A worker is another's after so long; the rest of a long file goes on with the next tick.
SLICE = timedelta(seconds=10)
RUNS = ConsentImport.state == ConsentImportState.RUNNING


def due(runtime: Runtime) -> list[int]:
    """Return the imports that go on and that nobody has in hand."""
    free = leases.free(runtime, ConsentImport)
    return list(runtime.session.scalars(select(ConsentImport.id).where(RUNS, free)))


def go_on(runtime: Runtime, import_id: int, token: str = "") -> None:
    """Take rows of an import in for one slice."""
    taken = leases.take(runtime, ConsentImport, import_id, token, RUNS)
    if taken is None:
        return
    began = taken.clock.system()
    while leases.keep_up(taken, RUNS):
        if not step(taken, import_id):
            return
        if taken.clock.system() - began > SLICE:
            break
    brought = staging.locked(taken, import_id)
    if leases.holds(taken, brought):
        leases.release(brought)
    taken.session.commit()


@requires(Permission.WRITE)
def run(
    runtime: Runtime, import_id: int, told: Callable[[ConsentImport], None] = lambda _row: None
) -> ConsentImport:
    """Take all rows of an import in at once, for whoever waits; `told` hears of each lot."""
    taken = leases.take(runtime, ConsentImport, import_id, leases.new_token(), RUNS)
    while taken is not None and leases.keep_up(taken, RUNS) and step(taken, import_id):
        told(staging.get(runtime, import_id))
    return staging.get(runtime, import_id)


def step(runtime: Runtime, import_id: int) -> bool:
    """Take the next rows in; tell whether there may be more. Commits."""
    # Before any row is locked: who erases somebody would wait for it, and be waited for.
    erased.read_in(runtime)
    brought = staging.locked(runtime, import_id)
    if not leases.holds(runtime, brought) or brought.state is not ConsentImportState.RUNNING:
        runtime.session.rollback()
        return False
    piece = staging.piece_of(runtime, import_id)
    if piece is None:
        staging.finish(runtime, brought, ConsentImportState.FINISHED)
        leases.release(brought)
        runtime.session.commit()
        return False
    rows = [(line, cells) for line, cells in piece.rows]
    # Whoever brought the file said so, and not the worker that reads it.
    meant = runtime.acting_as(trusted(brought.brought_by))
    done = applying.apply(meant, rows, staging.how_of(brought), str(brought.id))
    _count(runtime, brought, done, len(rows))
    runtime.session.delete(piece)
    runtime.session.commit()
    # What was read of these rows is needed no more.
    runtime.session.expunge_all()
    return True


def _count(runtime: Runtime, brought: ConsentImport, done: Done, number: int) -> None:
    brought.done += number
    brought.agreed += done.count("agreed")
    brought.refused += done.count("refused")
    brought.outdone += done.count("outdone")
    brought.same += done.count("same")
    brought.wrong += len(done.faults)
    rows = [
        {"import_id": brought.id, "line": line, "field": name, "code": fault.value}
        for line, name, fault in done.faults
    ]
    if rows:
        runtime.session.execute(insert(ConsentImportFault), rows)
