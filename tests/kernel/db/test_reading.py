"""What only reads shares the database with a writer; where it writes after all, it is let."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, event, select, update
from sqlalchemy.exc import OperationalError

from channels import Limit, Operation, Scope
from tests.support.factories import make_service, make_visitor, write_elsewhere
from webapp.audience.models import Visitor
from webapp.kernel.db import db, reading
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@contextmanager
def written_elsewhere_after_the_first_look(runtime: Runtime) -> Iterator[list[str]]:
    """Let another connection commit a write after the first SELECT of each transaction."""
    seen: list[str] = []
    fresh = [False]

    def began(_connection) -> None:
        fresh[0] = True

    def looked(_connection, _cursor, statement, *_more) -> None:
        word = statement.split(maxsplit=1)[0]
        if fresh[0] and word == "SELECT":
            seen.append(statement)
            write_elsewhere(runtime)
        fresh[0] = fresh[0] and word == "BEGIN"

    event.listen(db.engine, "begin", began)
    event.listen(db.engine, "after_cursor_execute", looked)
    try:
        yield seen
    finally:
        event.remove(db.engine, "begin", began)
        event.remove(db.engine, "after_cursor_execute", looked)


@pytest.fixture
def visitor(runtime: Runtime) -> Visitor:
    return make_visitor(runtime)


def by_statement(runtime: Runtime, visitor: Visitor) -> None:
    runtime.session.execute(update(Visitor).values(name="Anna"))


def by_object(runtime: Runtime, visitor: Visitor) -> None:
    visitor.name = "Anna"
    runtime.session.flush()


def behind_a_savepoint(runtime: Runtime, visitor: Visitor) -> None:
    with runtime.session.begin_nested():
        visitor.name = "Anna"


def after_a_savepoint_that_was_undone(runtime: Runtime, visitor: Visitor) -> None:
    with runtime.session.begin_nested() as undone:
        visitor.name = "Berta"
        runtime.session.flush()
        undone.rollback()
    visitor.name = "Anna"


WAYS = [by_statement, by_object, behind_a_savepoint, after_a_savepoint_that_was_undone]


@pytest.mark.parametrize("write", WAYS)
def test_a_reader_may_write_though_another_wrote_since_its_first_look(
    runtime: Runtime, visitor: Visitor, write
):
    with reading(), written_elsewhere_after_the_first_look(runtime) as looks:
        runtime.session.scalars(select(Visitor)).all()
        write(runtime, visitor)
        runtime.session.commit()

    runtime.session.refresh(visitor)
    assert len(looks) == 1
    assert (visitor.name, visitor.origin) == ("Anna", "elsewhere")


def test_what_a_reader_wrote_is_undone_whole(runtime: Runtime, visitor: Visitor):
    before = visitor.name
    with reading():
        runtime.session.scalars(select(Visitor)).all()
        by_statement(runtime, visitor)
        runtime.session.rollback()

    assert runtime.session.scalar(select(Visitor.name)) == before


def test_a_reader_holds_up_nobody(runtime: Runtime, visitor: Visitor):
    with reading():
        runtime.session.scalars(select(Visitor)).all()

        write_elsewhere(runtime)


def test_a_reader_that_finds_another_writer_says_so_and_may_try_again(blank_sqlite, tmp_path):
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(blank_sqlite.read_bytes())
    engine = create_engine(f"sqlite:///{path}")
    writes = update(Visitor).values(name="Anna")
    with engine.connect() as other, engine.connect() as reader:
        other.execute(writes)
        with reading():
            reader.execute(select(Visitor.id))
            reader.connection.driver_connection.execute("PRAGMA busy_timeout = 0")
            with pytest.raises(OperationalError, match="locked"):
                reader.execute(writes)
            reader.rollback()
            other.commit()

            reader.execute(select(Visitor.id))
            reader.execute(writes)
            reader.commit()
    engine.dispose()


def test_the_page_that_reads_an_account_outlives_another_writer(
    runtime: Runtime, admin, network, visitor
):
    service = make_service(runtime, remote_id="1")
    network.limits = [Limit(operation=Operation.ACCOUNT, scope=Scope.ACCOUNT, seconds=900, cap=9)]

    with written_elsewhere_after_the_first_look(runtime) as looks:
        answer = admin.get(f"/services/{service.id}/account/live")

    assert len(looks) > 1
    assert answer.status_code == 200
    read_at = runtime.session.scalar(select(Service.account_read_at))
    assert read_at == runtime.now()
