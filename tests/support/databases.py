"""The databases of tests: a file of SQLite each, or PostgreSQL, started once for all processes."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from tests.support.servers import start_postgresql, stop_postgresql
from tests.support.temporary import KEPT_BY_PYTEST
from webapp.kernel import schema
from webapp.kernel.db import Base
from webapp.kernel.schema import tables

BLANK = "blank"
ALONE = "alone"
# Nothing of a test outlives a power cut, so nothing waits for the disk.
HASTY = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A PostgreSQL server with a migrated, empty database that others are copied from."""

    url: str

    def prepare(self) -> None:
        """Make the database that others are copied from."""
        self._command(*(f"ALTER SYSTEM SET {setting}" for setting in HASTY))
        self._command("SELECT pg_reload_conf()", f"CREATE DATABASE {BLANK}")
        engine = create_engine(self._address(BLANK))
        schema.upgrade(engine)
        engine.dispose()

    def copy(self, name: str) -> str:
        """Make a database of a name that is new here, and return its address."""
        self._command(f"CREATE DATABASE {name} TEMPLATE {BLANK}")
        return self._address(name)

    def _address(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)

    def _command(self, *commands: str) -> None:
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for command in commands:
                connection.execute(text(command))
        engine.dispose()


@contextmanager
def serving() -> Iterator[Server]:
    """A server in a folder that goes away with it."""
    with TemporaryDirectory(prefix="fanfare-postgresql-", dir=os.getenv(KEPT_BY_PYTEST)) as folder:
        server = Server(url=start_postgresql(Path(folder)))
        try:
            server.prepare()
            yield server
        finally:
            stop_postgresql(Path(folder))


SERVER = pytest.StashKey[Server]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand each test process a database of the one server, before the process starts.

    The first start on a machine makes what a second one finds, which no two may do at once.
    """
    if node.config.getoption("--db") == "postgresql":
        node.workerinput["database"] = server_of(node.config).copy(node.gateway.id)


def server_of(config: pytest.Config) -> Server:
    """Return the server of this run, started when first asked for and ended with the run."""
    if SERVER not in config.stash:
        run = ExitStack()
        config.stash[SERVER] = run.enter_context(serving())
        config.add_cleanup(run.close)
    return config.stash[SERVER]


@pytest.fixture(scope="session")
def blank_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "blank.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated PostgreSQL database of this process, emptied before each test."""
    given = getattr(request.config, "workerinput", {}).get("database")
    engine = create_engine(given or server_of(request.config).copy(ALONE), pool_size=1)
    yield engine
    engine.dispose()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database of the kind this run asks for."""
    if request.config.getoption("--db") == "sqlite":
        path = tmp_path / "fanfare.sqlite3"
        path.write_bytes(request.getfixturevalue("blank_sqlite").read_bytes())
        return f"sqlite:///{path}"
    engine: Engine = request.getfixturevalue("postgresql")
    empty(engine)
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, of the kind this run asks for."""
    if request.config.getoption("--db") == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.sqlite3'}"
        return
    given: Engine = request.getfixturevalue("postgresql")
    name = f"{given.url.database}_new"
    with made(given, name):
        yield given.url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def made(given: Engine, name: str, options: str = "") -> Iterator[None]:
    """A database beside that of an engine, for as long as it is needed."""
    engine = create_engine(given.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {options}"))
        try:
            yield
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def empty(engine: Engine) -> None:
    """Remove every row and count ids from one again.

    The lock waits for whatever a process of the test before still writes. Deleting a few rows
    takes a third of the time of truncating, which makes new files for every table.
    """
    tables.load()
    names = [table.name for table in Base.metadata.sorted_tables]
    steps = [
        f"LOCK TABLE {', '.join(names)}",
        "SET LOCAL session_replication_role = replica",  # no key is checked, in whatever order
        *(f"DELETE FROM {name}" for name in names),
        "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence",
    ]
    with engine.begin() as connection:
        connection.execute(text(";".join(steps)))
