"""How a database goes about a statement."""

from collections.abc import Callable

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime


def plan(session: Session, statement: str, values: object) -> str:
    """Return how the database goes about a statement, were its tables large."""
    connection = session.connection()
    if dialect_of(session) == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row[3] for row in rows)
    # Of the few rows of a test it may read all and sort them, whatever an index would give.
    for way in ("seqscan", "sort", "incremental_sort"):
        connection.execute(text(f"SET LOCAL enable_{way} = off"))
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))


def plans(runtime: Runtime, ask: Callable[[], object], table: str) -> list[str]:
    """Return how the database goes about each statement that is asked about a table."""
    asked: list[tuple[str, object]] = []
    engine = runtime.session.get_bind().engine

    def executed(_connection, _cursor, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", executed)
    ask()
    event.remove(engine, "before_cursor_execute", executed)
    return [plan(runtime.session, *pair) for pair in asked if f" {table}" in pair[0]]


def walks_all(found: str, table: str) -> bool:
    """Tell whether a plan reads a table from end to end."""
    return f"SCAN {table}" in found or f"Seq Scan on {table}" in found


def sorts(found: str) -> bool:
    """Tell whether a plan puts rows in order that no index had in order."""
    return "TEMP B-TREE FOR ORDER BY" in found or "Sort Key" in found
