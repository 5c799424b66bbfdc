"""A file is brought: its rows are kept as they are until somebody says how to read them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Any, BinaryIO

from sqlalchemy import delete, insert, select

from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv_reading
from webapp.kernel.text.cleaning import clean
from webapp.kernel.text.csv_reading import Row
from webapp.kernel.text.lengths import LONGEST
from webapp.profiles import tags
from webapp.profiles.fields import Dates, Fault
from webapp.profiles.models import (
    ImportState,
    ProfileImport,
    ProfileImportFault,
    ProfileImportPiece,
)
from webapp.profiles.transfer import applying, mapping, reading
from webapp.profiles.transfer.mapping import Known, Reading

AT_ONCE = 500
MOST_ROWS = 2_000_000
PREVIEWED = 20
SHOWN = 50


@requires(Permission.WRITE)
def bring(runtime: Runtime, name: str, stream: BinaryIO) -> ProfileImport:
    """Keep the rows of a file; raise `Invalid` for what is none. All of them are kept, or none."""
    # Closed before the stream is, also where a row is no good.
    with closing(reading.rows(stream)) as rows:
        _line, first = next(rows, (0, []))
        brought = ProfileImport(
            file_name=clean(PurePath(name).name)[:LONGEST] or "file.csv",
            state=ImportState.MAPPING,
            columns=csv_reading.heads(first),
            brought_at=runtime.now(),
            brought_by=runtime.actor.name,
        )
        brought.mapping = mapping.guess(runtime, brought.columns)
        runtime.session.add(brought)
        runtime.session.flush()
        brought.total = _keep(runtime, brought.id, rows)
        if not brought.total:
            fault = _("There is no row below the first line, which holds the heads of the columns.")
            raise Invalid(fault, {"file": fault})
    runtime.record("profile_import.bring", brought, rows=brought.total)
    runtime.session.commit()
    return brought


def _keep(runtime: Runtime, import_id: int, rows: Iterator[Row]) -> int:
    total = 0
    for number, some in enumerate(_lots(rows)):
        total += len(some)
        if total > MOST_ROWS:
            fault = _("A file has at most %(n)s rows.", n=MOST_ROWS)
            raise Invalid(fault, {"file": fault})
        piece = {"import_id": import_id, "number": number, "rows": some}
        runtime.session.execute(insert(ProfileImportPiece), [piece])
    return total


def _lots(rows: Iterable[Row]) -> Iterator[list[list[Any]]]:
    found = iter(rows)
    while some := [[line, cells] for line, cells in islice(found, AT_ONCE)]:
        yield some


@requires(Permission.VIEW)
def get(runtime: Runtime, import_id: int) -> ProfileImport:
    """Return one import; raise `NotFound`."""
    found = runtime.session.get(ProfileImport, import_id)
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


@requires(Permission.VIEW)
def newest(runtime: Runtime) -> Sequence[ProfileImport]:
    """Return the imports, the newest first."""
    rows = select(ProfileImport).order_by(ProfileImport.id.desc()).limit(SHOWN)
    return runtime.session.scalars(rows).all()


@requires(Permission.VIEW)
def faults(
    runtime: Runtime, import_id: int, after: int = 0, size: int = SHOWN
) -> Sequence[ProfileImportFault]:
    """Return the rows that were not read, behind a line of the file."""
    mine = ProfileImportFault.import_id == import_id, ProfileImportFault.line > after
    rows = select(ProfileImportFault).where(*mine).order_by(ProfileImportFault.line)
    return runtime.session.scalars(rows.limit(size)).all()


def how_of(brought: ProfileImport) -> Reading:
    """Return how the rows of an import are read."""
    options = brought.options
    return Reading(
        columns={int(place): name for place, name in brought.mapping.items()},
        width=len(brought.columns),
        dates=Dates(options.get("dates", Dates.ISO.value)),
        known=Known(options.get("known", Known.FILL.value)),
        tag=str(options.get("tag", "")),
    )


def piece_of(runtime: Runtime, import_id: int) -> ProfileImportPiece | None:
    """Return the next rows of an import that nobody dealt with."""
    rows = select(ProfileImportPiece).where(ProfileImportPiece.import_id == import_id)
    return runtime.session.scalar(rows.order_by(ProfileImportPiece.number).limit(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """One row before anything is written: its cells, and what it would do, or what is wrong."""

    line: int
    cells: Sequence[str]
    outcome: str
    field: str = ""
    fault: Fault | None = None


@requires(Permission.WRITE)
def preview(runtime: Runtime, brought: ProfileImport, how: Reading) -> list[Previewed]:
    """Return what the first rows would do; nothing is written."""
    piece = piece_of(runtime, brought.id)
    rows: list[Row] = [(line, cells) for line, cells in (piece.rows if piece else [])[:PREVIEWED]]
    done, _planned, outcomes = applying.plan(runtime, rows, how)
    wrong = {line: (name, fault) for line, name, fault in done.faults}
    return [
        Previewed(
            line=line,
            cells=cells,
            outcome="wrong" if line in wrong else outcomes[line],
            field=wrong.get(line, ("", None))[0],
            fault=wrong.get(line, ("", None))[1],
        )
        for line, cells in rows
    ]


@requires(Permission.WRITE)
def map_columns(
    runtime: Runtime, import_id: int, columns: Mapping[str, str], options: Mapping[str, str]
) -> ProfileImport:
    """Say which column is which field, and how the rows are read; raise `Invalid`, `Conflict`."""
    brought = locked(runtime, import_id)
    if brought.state is not ImportState.MAPPING:
        raise Conflict(_("This import was started already."))
    mapping.check(runtime, columns, len(brought.columns))
    tag = " ".join(options.get("tag", "").split())
    fault = tags.fault_of(tag) if tag else ""
    if fault:
        raise Invalid(fault, {"tag": fault})
    brought.mapping = dict(columns)
    brought.options = {
        "dates": Dates(options.get("dates", Dates.ISO.value)).value,
        "known": Known(options.get("known", Known.FILL.value)).value,
        "tag": tag,
    }
    runtime.record("profile_import.map", brought)
    runtime.session.commit()
    return brought


@requires(Permission.WRITE)
def start(runtime: Runtime, import_id: int) -> ProfileImport:
    """Let the rows be taken in; raise `Conflict` where that began already."""
    brought = locked(runtime, import_id)
    if brought.state is not ImportState.MAPPING:
        raise Conflict(_("This import was started already."))
    mapping.check(runtime, brought.mapping, len(brought.columns))
    brought.state = ImportState.RUNNING
    runtime.record("profile_import.start", brought, rows=brought.total)
    runtime.session.commit()
    return brought


@requires(Permission.WRITE)
def stop(runtime: Runtime, import_id: int) -> ProfileImport:
    """Take no more rows in; those that were stay. Raise `Conflict` where it is over."""
    brought = locked(runtime, import_id)
    if brought.state not in {ImportState.MAPPING, ImportState.RUNNING}:
        raise Conflict(_("This import is over."))
    finish(runtime, brought, ImportState.STOPPED)
    runtime.session.commit()
    return brought


def finish(runtime: Runtime, brought: ProfileImport, state: ImportState) -> None:
    """End an import, and keep nothing of its file; the caller commits."""
    brought.state, brought.ended_at = state, runtime.now()
    # The first line may hold a person, where a file has no heads.
    brought.columns, brought.mapping = [], {}
    gone = delete(ProfileImportPiece).where(ProfileImportPiece.import_id == brought.id)
    runtime.session.execute(gone)
    runtime.record(f"profile_import.{state.value}", brought, made=brought.made, wrong=brought.wrong)


def locked(runtime: Runtime, import_id: int) -> ProfileImport:
    """Return an import as it is now, locked; raise `NotFound`."""
    row = select(ProfileImport).where(ProfileImport.id == import_id).with_for_update()
    found = runtime.session.scalar(row.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such import."))
    return found
