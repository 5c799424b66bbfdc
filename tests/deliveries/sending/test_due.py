"""What the scheduler asks each second costs the same however many deliveries there ever were."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from tests.support.deliveries import sent
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.deliveries.sending import claims, helping
from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime


def plan(session: Session, statement: str, values: object) -> str:
    """Return how the database goes about a statement, were its tables large."""
    connection = session.connection()
    if dialect_of(session) == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row[3] for row in rows)
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))


@pytest.mark.parametrize("ask", [claims.due, helping.to_help])
def test_no_table_is_read_from_end_to_end(runtime: Runtime, network: FakeNetwork, ask):
    sent(runtime, make_service(runtime))
    asked: list[tuple[str, object]] = []
    engine = runtime.session.get_bind().engine

    def executed(_connection, _cursor, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", executed)
    ask(runtime)
    event.remove(engine, "before_cursor_execute", executed)

    statement, values = next(pair for pair in asked if "FROM delivery" in pair[0])
    found = plan(runtime.session, statement, values)
    for table in ("delivery", "message"):
        assert f"SCAN {table}" not in found
        assert f"Seq Scan on {table}" not in found
