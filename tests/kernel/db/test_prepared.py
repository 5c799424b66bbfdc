"""Statements that are compiled once say the same as those that go through SQLAlchemy each time."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, event, insert, select, update

from tests.support.factories import make_service
from webapp.kernel.db import db
from webapp.kernel.db.prepared import run, table_of
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.services.models import Charge, Service, StateValue

SERVICE, CHARGE, VALUE = table_of(Service), table_of(Charge), table_of(StateValue)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CHANGED = (
    update(SERVICE)
    .where(SERVICE.c.id == bindparam("b_id"))
    .values(
        fault=Notice("late"),
        monthly_budget=bindparam("b_budget"),
        inbox_read_at=bindparam("b_at"),
    )
)
NAMED = CHANGED.returning(SERVICE.c.label.label("name"))
READ = select(SERVICE.c.inbox_read_at).where(SERVICE.c.id == bindparam("b_id"))


@pytest.fixture
def given(runtime: Runtime) -> dict:
    service = make_service(runtime)
    return {"b_id": service.id, "b_budget": Decimal("12.5"), "b_at": NOON}


def test_values_are_written_as_their_types_say(runtime: Runtime, given: dict):
    changed = run(runtime.session, CHANGED, given)

    assert changed.rowcount == 1
    service = runtime.session.get_one(Service, given["b_id"], populate_existing=True)
    assert (service.monthly_budget, service.inbox_read_at) == (Decimal("12.5"), NOON)
    assert (service.fault.code, NOTHING.code) == ("late", "")


def test_rows_are_read_as_their_types_say(runtime: Runtime, given: dict):
    label = runtime.session.get_one(Service, given["b_id"]).label
    assert run(runtime.session, NAMED, given).one().name == label

    assert run(runtime.session, READ, given).scalar_one() == NOON


def test_a_list_of_values_is_unfolded(runtime: Runtime, given: dict):
    among = select(SERVICE.c.id).where(SERVICE.c.id.in_([given["b_id"], 0]))

    assert run(runtime.session, among, {}).scalars().all() == [given["b_id"]]


def test_a_column_that_is_not_named_has_its_default(runtime: Runtime, given: dict):
    adding = insert(VALUE).values(
        service_id=bindparam("b_id"), name="a", version=1, changed_at=bindparam("b_at")
    )

    run(runtime.session, adding, given)

    assert runtime.session.get_one(StateValue, (given["b_id"], "a")).text == ""


def test_a_statement_is_compiled_once(runtime: Runtime, given: dict):
    texts = []

    def executed(_connection, _cursor, statement: str, *_more: object) -> None:
        texts.append(statement)

    event.listen(db.engine, "before_cursor_execute", executed)
    for _again in range(2):
        run(runtime.session, CHANGED, given)
    event.remove(db.engine, "before_cursor_execute", executed)

    first, second = (item for item in texts if item.startswith("UPDATE service"))
    assert first is second
