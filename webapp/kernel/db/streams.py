"""Reads what a long statement selects, however much that is, while memory stays flat."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.orm import Session

from webapp.kernel.db import dialect_of

# So many rows are in memory at a time.
BATCH = 2_000
# PostgreSQL expects of a cursor that a tenth of it is read, and would walk an index for that.
ALL_OF_IT = text("SET LOCAL cursor_tuple_fraction = 1")


def rows_of(session: Session, statement: Select[Any]) -> Iterator[Any]:
    """Yield every row of a statement of columns, read past the ORM."""
    connection = session.connection()
    if dialect_of(session) == "postgresql":
        connection.execute(ALL_OF_IT)
    yield from connection.execute(statement, execution_options={"yield_per": BATCH})
