import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.support.databases import made
from webapp.kernel import schema
from webapp.kernel.db import drivers
from webapp.kernel.schema import comparison


def test_the_migrations_make_what_the_models_say(database_url: str):
    engine = create_engine(database_url)

    assert comparison.differences(engine) == []
    engine.dispose()


def test_a_fresh_database_lacks_every_migration_and_an_upgraded_one_none(new_database: str):
    engine = create_engine(new_database)
    before = schema.pending(engine)

    steps = schema.upgrade(engine)

    assert before
    assert steps == before
    assert schema.pending(engine) == []
    engine.dispose()


def test_of_two_that_upgrade_at_once_one_does_it_all_and_the_other_waits(new_database: str):
    engines = [create_engine(new_database) for _host in range(2)]

    with ThreadPoolExecutor(2) as pool:
        steps = list(pool.map(upgraded_alone, engines))

    assert sorted(map(bool, steps)) == [False, True]
    assert [comparison.faults(engine) for engine in engines] == [[], []]
    for engine in engines:
        engine.dispose()


def test_a_new_file_is_opened_while_another_process_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(drivers, "PRAGMAS", ("busy_timeout=1",))
    file = tmp_path / "new.sqlite3"
    engine = create_engine(f"sqlite:///{file}")

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        engine.connect().close()

    engine.dispose()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def upgraded_alone(engine: Engine) -> list[str]:
    with schema.alone(engine):
        return schema.upgrade(engine)


@pytest.mark.several_writers
def test_what_follows_an_upgrade_is_done_by_one_host_at_a_time(new_database: str):
    first, second = (create_engine(new_database) for _host in range(2))
    done = Event()

    def follow() -> bool:
        with schema.alone(second):
            return done.is_set()

    with ThreadPoolExecutor(1) as pool, schema.alone(first):
        waiting = pool.submit(follow)
        waits(first)
        done.set()
    assert waiting.result(timeout=60)
    for engine in (first, second):
        engine.dispose()


def waits(engine: Engine) -> None:
    """Return when somebody waits for the lock of an upgrade."""
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    for _try in range(10_000):
        with engine.connect() as connection:
            if connection.execute(query).scalar():
                return
    pytest.fail("Nobody waits for the lock.")


def test_tables_without_a_migration_are_refused_by_a_sentence(new_database: str):
    engine = create_engine(new_database)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    with pytest.raises(schema.Unfit, match="does not tell their migration"):
        schema.upgrade(engine)
    engine.dispose()


def test_an_upgrade_that_leaves_a_difference_names_it(new_database: str):
    engine = create_engine(new_database)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_subscription_doubted"))

    with pytest.raises(schema.Unfit, match="ix_subscription_doubted of the table subscription"):
        schema.upgrade(engine)
    engine.dispose()


@pytest.mark.several_writers
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_keep_every_name_is_refused_with_the_command_that_makes_another(
    postgresql: Engine, new_database: str, encoding: str
):
    name = f"{postgresql.url.database}_ascii"
    options = f"ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    with made(postgresql, name, options):
        engine = create_engine(postgresql.url.set(database=name))
        with pytest.raises(schema.Unfit) as refused:
            schema.upgrade(engine)
        engine.dispose()

    assert f"The database {name} on " in refused.value.message
    assert f"keeps text as {encoding}" in refused.value.message
    # The same as the command, said in SQL, makes one that is taken.
    assert "createdb --encoding=UTF8 --locale=C --template=template0" in refused.value.message
    with made(postgresql, name, "ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"):
        engine = create_engine(postgresql.url.set(database=name))
        assert schema.upgrade(engine)
        engine.dispose()
