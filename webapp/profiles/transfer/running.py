"""The rows of an import are taken in, some at a time; it goes on where it was whatever happens.

One commit holds what some rows made, their figures, and that they are dealt with: no row is taken
in twice, none is lost, and nothing is half done.
"""

from datetime import timedelta

from sqlalchemy import insert, select

from webapp.kernel import leases
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts
from webapp.profiles.models import ImportState, ProfileImport, ProfileImportFault
from webapp.profiles.transfer import applying, staging
from webapp.profiles.transfer.applying import Done

# A worker is another's after so long; the rest of a long file goes on with the next tick.
SLICE = timedelta(seconds=10)
RUNS = ProfileImport.state == ImportState.RUNNING


def due(runtime: Runtime) -> list[int]:
    """Return the imports that go on and that nobody has in hand."""
    free = leases.free(runtime, ProfileImport)
    return list(runtime.session.scalars(select(ProfileImport.id).where(RUNS, free)))


def go_on(runtime: Runtime, import_id: int, token: str = "") -> None:
    """Take rows of an import in for one slice."""
    taken = leases.take(runtime, ProfileImport, import_id, token, RUNS)
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
def run(runtime: Runtime, import_id: int) -> ProfileImport:
    """Take all rows of an import in at once, for whoever waits for it."""
    token = leases.new_token()
    taken = leases.take(runtime, ProfileImport, import_id, token, RUNS)
    while taken is not None and leases.keep_up(taken, RUNS) and step(taken, import_id):
        pass
    return staging.get(runtime, import_id)


def step(runtime: Runtime, import_id: int) -> bool:
    """Take the next rows in; tell whether there may be more. Commits."""
    # Before the row of the import: who erases somebody holds this and waits for that.
    contacts.alone(runtime)
    brought = staging.locked(runtime, import_id)
    if not leases.holds(runtime, brought) or brought.state is not ImportState.RUNNING:
        runtime.session.rollback()
        return False
    piece = staging.piece_of(runtime, import_id)
    if piece is None:
        staging.finish(runtime, brought, ImportState.FINISHED)
        leases.release(brought)
        runtime.session.commit()
        return False
    rows = [(line, cells) for line, cells in piece.rows]
    done = applying.apply(runtime, rows, staging.how_of(brought), brought.file_name)
    _count(runtime, brought, done, len(rows))
    runtime.session.delete(piece)
    runtime.session.commit()
    # What was read of these rows is needed no more.
    runtime.session.expunge_all()
    return True


def _count(runtime: Runtime, brought: ProfileImport, done: Done, number: int) -> None:
    brought.done += number
    brought.made += done.made
    brought.changed += done.changed
    brought.same += done.same
    brought.wrong += len(done.faults)
    rows = [
        {"import_id": brought.id, "line": line, "field": name, "code": fault.value}
        for line, name, fault in done.faults
    ]
    if rows:
        runtime.session.execute(insert(ProfileImportFault), rows)
