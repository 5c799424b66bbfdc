"""What is stored of a person's names beside them: keys, the first name, the words for search."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, String, delete, select, true, tuple_
from sqlalchemy.orm import Session

from webapp.audience import greetings
from webapp.audience.models import VisitorWord
from webapp.audience.names import LONGEST, shown, words_of
from webapp.kernel.db import dialect_of, insert_of
from webapp.kernel.db.bulk import ROWS, Columns, document_of, table_of
from webapp.kernel.folding import fold

PAIR: Columns = {"word": String(LONGEST), "visitor_id": Integer()}


def written(handle: str, name: str) -> tuple[str, str]:
    """Return a person's names as they are stored; what stands beside them follows from these."""
    return shown(handle)[:LONGEST], shown(name)[:LONGEST]


def columns(handle: str, name: str) -> dict[str, str]:
    """Return the columns of a visitor that hold names, in the order in which a page has them.

    They are made anew where a name changes: another rule needs a migration of what is stored.
    """
    handle, name = written(handle, name)
    return {
        "handle": handle,
        "name": name,
        "handle_key": fold(handle)[:LONGEST],
        "name_key": fold(name)[:LONGEST],
        "first_name": greetings.of_shown(name)[:LONGEST],
    }


def index(
    session: Session, people: Sequence[tuple[int, str, str]], new: Collection[int] = ()
) -> None:
    """Let search find people by the words of their keys, given as id, handle key and name key.

    Only what differs is written, so that a synchronisation of known people writes nothing; of who
    is `new`, by id, nothing is asked. The caller commits.
    """
    dialect = dialect_of(session)
    before: set[tuple[str, int]] = set()
    known = [visitor_id for visitor_id, *_keys in people if visitor_id not in new]
    if known:
        ids = {ROWS: document_of((visitor_id,) for visitor_id in known)}
        before = {(word, visitor_id) for word, visitor_id in session.execute(_known(dialect), ids)}
    after = {
        (word, visitor_id)
        for visitor_id, handle_key, name_key in people
        for word in words_of(handle_key, name_key)
    }
    _write(session, _forget(dialect), before - after)
    _write(session, _remember(dialect), after - before)


def _write(session: Session, statement: Any, pairs: Iterable[tuple[str, int]]) -> None:
    if pairs:
        session.execute(statement, {ROWS: document_of(sorted(pairs))})


@cache
def _known(dialect: str) -> Any:
    given = table_of(dialect, {"visitor_id": Integer()})
    known = select(VisitorWord.word, VisitorWord.visitor_id)
    return known.where(VisitorWord.visitor_id.in_(select(given.c.visitor_id)))


@cache
def _forget(dialect: str) -> Any:
    given = table_of(dialect, PAIR)
    pairs = tuple_(VisitorWord.word, VisitorWord.visitor_id)
    gone = delete(VisitorWord).where(pairs.in_(select(given.c.word, given.c.visitor_id)))
    return gone.execution_options(synchronize_session=False)


@cache
def _remember(dialect: str) -> Any:
    given = table_of(dialect, PAIR)
    rows = select(given.c.word, given.c.visitor_id).where(true())
    table = VisitorWord.__table__
    return insert_of(dialect, table).from_select([*PAIR], rows).on_conflict_do_nothing()
