"""What the scheduler asks each second costs the same however many deliveries there ever were."""

import pytest
from sqlalchemy import event

from tests.support.deliveries import sent
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.plans import plan
from webapp.deliveries.sending import claims, helping
from webapp.kernel.runtime import Runtime


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
