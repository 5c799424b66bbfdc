"""Counts the rows that a statement changed."""

from sqlalchemy import UpdateBase
from sqlalchemy.orm import Session


def updated(session: Session, statement: UpdateBase) -> int:
    """Run an UPDATE or a DELETE past what the session holds, and return how many rows it met.

    What the session holds of these rows stays as it was until it is read again.
    """
    found = session.execute(statement, execution_options={"synchronize_session": False})
    return int(found.rowcount)  # type: ignore[attr-defined]  # such a statement has a row count
