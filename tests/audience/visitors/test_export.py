"""A sheet of visitors is read as one stream, however many they are."""

import pytest
from sqlalchemy import event

from tests.support.factories import make_service, make_subscription, make_visitor
from webapp.audience.visitors import export, people
from webapp.kernel.db import streams
from webapp.kernel.runtime import Runtime

QUERY = people.Query(sort="username", descending=False)


@pytest.fixture(autouse=True)
def short_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BATCH", 2)


def statements(runtime: Runtime) -> int:
    """Read the sheet; return how many statements that took."""
    asked: list[str] = []
    engine = runtime.session.get_bind().engine

    def executed(_connection, _cursor, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", executed)
    list(export.rows(runtime, QUERY))
    event.remove(engine, "before_cursor_execute", executed)
    return len(asked)


def test_a_longer_sheet_takes_no_more_statements(runtime: Runtime):
    for _number in range(3):
        make_visitor(runtime)
    few = statements(runtime)
    for _number in range(20):
        make_visitor(runtime)

    assert statements(runtime) == few


def test_who_has_several_ties_stands_once_with_the_one_that_says_most(runtime: Runtime):
    first, second = (make_service(runtime, internal_name=name) for name in ("first", "second"))
    for handle in ("a", "b", "c"):
        visitor = make_visitor(runtime, handle=handle)
        make_subscription(runtime, first, visitor, wrote_first_at=None)
        make_subscription(runtime, second, visitor)
    make_visitor(runtime, handle="d")

    found = [(row["username"], row["account"]) for row in export.rows(runtime, QUERY)]

    assert found == [("a", "second"), ("b", "second"), ("c", "second"), ("d", "")]
