"""Runs statements that are made once and for all, past the ORM.

A statement that goes through the ORM is copied, looked up and looked after each time, which takes
three times as long as running it.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Table, func
from sqlalchemy.orm import Session

from webapp.kernel.db import Base


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, to make a statement over."""
    return cast("Table", model.__table__)


def hasty(dialect: str, statement: Any) -> Any:
    """Return a write whose transaction does not wait for the disk, as none does on SQLite.

    It is for what may be found out anew: a power cut takes back the last that was committed so.
    Whatever is committed with waiting afterwards brings it to the disk, too.
    """
    if dialect != "postgresql":
        return statement
    return statement.returning(func.set_config("synchronous_commit", "off", True))


def run(session: Session, statement: Executable, given: Mapping[str, Any]) -> CursorResult[Any]:
    """Run a statement over tables in the transaction of a session, behind what it has pending.

    No object of the session learns of it.
    """
    session.flush()
    return session.connection().execute(statement, given)
