"""A connection that its server ended meanwhile is made anew, and a living one is not asked."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, create_engine

from webapp.kernel.db import db, drivers
from webapp.kernel.runtime import Runtime

pytestmark = pytest.mark.several_writers
ENDED = "SELECT pg_terminate_backend(%s)"


@pytest.fixture
def engine(runtime: Runtime) -> Iterator[Engine]:
    made = create_engine(db.engine.url)
    yield made
    made.dispose()


def used(engine: Engine) -> tuple[int, int]:
    """Return which connection the pool lends, and which process of the server serves it."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("SELECT 1")
        return id(driver), driver.info.backend_pid


def end(engine: Engine, process: int) -> None:
    """Let the server end a connection, and wait until it is gone."""
    plain = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as other:
        other.execute(ENDED, [process])
        gone = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
        while other.execute(gone, [process]).fetchone() != (0,):
            time.sleep(0.01)


def test_a_connection_is_lent_again_while_it_lives(engine: Engine):
    assert used(engine) == used(engine)


def test_one_that_the_server_ended_a_moment_ago_is_made_anew(engine: Engine):
    _driver, process = used(engine)
    end(engine, process)

    assert used(engine)[1] != process


def test_one_that_was_idle_for_longer_is_asked(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drivers, "FRESH", 0.0)
    monkeypatch.setattr(drivers, "_is_closing", lambda _connection: False)
    _driver, process = used(engine)
    assert used(engine)[1] == process

    end(engine, process)

    assert used(engine)[1] != process


def test_one_that_was_used_a_moment_ago_is_asked_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    used(engine)
    monkeypatch.setattr(drivers, "_answers", lambda _connection: pytest.fail("It was asked."))

    used(engine)
