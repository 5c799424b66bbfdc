"""Somebody who is erased stands in no file that waits, either."""

from collections.abc import Sequence

from sqlalchemy import select

from webapp.audience.consent_files.applying import key_of
from webapp.audience.models import ConsentImport, ConsentImportPiece, Visitor
from webapp.kernel.runtime import Runtime

NAMING = {"network_id", "username"}


def leave_out(runtime: Runtime, visitor: Visitor) -> None:
    """Take the rows about somebody out of files that nobody took in yet; the caller commits."""
    rows = select(ConsentImportPiece, ConsentImport).join(ConsentImport)
    for piece, brought in runtime.session.execute(rows):
        places = [int(place) for place, name in brought.mapping.items() if name in NAMING]
        left = [row for row in piece.rows if not _names(visitor, row[1], places)]
        brought.total -= len(piece.rows) - len(left)
        if len(left) < len(piece.rows):
            piece.rows = left
    runtime.session.flush()


def _names(visitor: Visitor, cells: Sequence[str], places: Sequence[int]) -> bool:
    """Tell whether a row names a person; while no column is known to do that, any may."""
    said = [cells[place] for place in places if place < len(cells)] if places else cells
    names = {key_of(cell) for cell in said} - {""}
    return visitor.remote_id in said or visitor.handle_key in names
