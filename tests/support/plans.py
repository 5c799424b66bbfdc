"""How a database goes about a statement."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.kernel.db import dialect_of


def plan(session: Session, statement: str, values: object) -> str:
    """Return how the database goes about a statement, were its tables large."""
    connection = session.connection()
    if dialect_of(session) == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row[3] for row in rows)
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))
