"""Runs statements that are made once and for all, past the ORM.

A statement that goes through the ORM is copied, looked up and looked after each time, which takes
three times as long as running it.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, Table, func, select
from sqlalchemy.orm import Session

from webapp.kernel.db import Base, dialect_of

# Kept with each session: what it speaks through.
BIND = "bind"
_NO_WAITING = func.set_config("synchronous_commit", "off", True)


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, to make a statement over."""
    return cast("Table", model.__table__)


def hurry(session: Session) -> None:
    """Let the transaction that is open, or begins, not wait for the disk; see `hasty`."""
    if dialect_of(session) == "postgresql":
        session.execute(select(_NO_WAITING))


def hasty(dialect: str, statement: Any) -> Any:
    """Return a write whose transaction does not wait for the disk, as none does on SQLite.

    It is for what may be found out anew: a power cut takes back the last that was committed so.
    Whatever is committed with waiting afterwards brings it to the disk, too.
    """
    if dialect != "postgresql":
        return statement
    return statement.returning(_NO_WAITING)


def run(session: Session, statement: Executable, given: Mapping[str, Any]) -> CursorResult[Any]:
    """Run a statement over tables in the transaction of a session, behind what it has pending.

    No object of the session learns of it.
    """
    session.flush()
    return session.connection({"bind": _bind(session)}).execute(statement, given)


def _bind(session: Session) -> Engine | Connection:
    """Return what a session speaks through; it is found once, by a walk through the application."""
    found: Engine | Connection | None = session.info.get(BIND)
    if found is None:
        found = session.info[BIND] = session.get_bind()
    return found


def end(session: Session) -> None:
    """Commit what is open; where nothing is, that takes as long as a statement."""
    if session.in_transaction():
        session.commit()
