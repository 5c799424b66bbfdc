"""The fixtures every test may ask for: an instance on a real database, a runtime, a client."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from flask_babel import refresh
from sqlalchemy import Engine

from channels.clock import FileClock
from tests.support import rendering
from tests.support.fakes import FakeNetwork, FakePlugin
from tests.support.queues import InlineQueue
from webapp.app import create_app, runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import sessions
from webapp.operators.models import Role

pytest_plugins = [
    "tests.support.temporary",  # before whoever uses the temporary folder
    "tests.support.browser",
    "tests.support.cli",
    "tests.support.compiling",
    "tests.support.databases",
    "tests.support.garbage",
    "tests.support.host",
    "tests.support.sentences",
]

HERE = Path(__file__).parent
# How long a test of a marker takes, in tests of a browser.
LONG = {"slow": 10, "browser": 1}
MANY_CASES = 3
# Rooms that do the same on each database.
ALIKE = re.compile(
    r"/(views|commands)/|/test_commands\.py$|^(plugins|channels|kernel/(text|logging))/"
    r"|^(deliveries/analysis|operators/accounts|system/(dashboard|setup|tasks)"
    r"|workflows/schedules)/|^meta/test_templates"
)

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--messages", type=int, default=40, help="messages of each trial by kill -9")
    parser.addoption("--kills", type=int, default=4, help="kills of each trial by kill -9")
    parser.addoption("--seed", type=int, default=0, help="the seed of an earlier trial")
    parser.addoption("--every-case", action="store_true", help="all cases on a server, too")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Read no file for a server of which no test is shown by it."""
    room = collection_path.relative_to(HERE).as_posix() if HERE in collection_path.parents else ""
    return True if config.getoption("--db") == "postgresql" and ALIKE.search(room) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run's database cannot show; the run on the other one shows it."""
    database = config.getoption("--db")
    shown = [item for item in items if shown_by(database, item)]
    if database == "postgresql" and not config.getoption("--every-case"):
        shown = [*some_of_many(shown)]
    kept = set(shown)
    left_out = [item for item in items if item not in kept]
    long = Counter[Path]()
    for item in shown:
        long[item.path] += sum(LONG.get(mark.name, 0) for mark in item.iter_markers())
    # What takes longest begins first, so that no process is left alone with it at the end.
    items[:] = sorted(shown, key=lambda item: -long[item.path])
    config.hook.pytest_deselected(items=left_out)


def some_of_many(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Yield every third of the cases of a test that has many, and the last one.

    SQLite shows each of them, such as a crash at each commit; what the server does differently
    is seen at any of a few.
    """
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for found in cases.values():
        few = [*found[::3], *([found[-1]] if (len(found) - 1) % 3 else [])]
        yield from few if len(found) >= MANY_CASES else found


def shown_by(database: str, item: pytest.Item) -> bool:
    """Tell whether a test needs no other database, and on PostgreSQL whether SQL may differ there.

    What views and commands make of what they read does not, nor do processes that come and go, nor
    what knows no tables, nor rules over rows that were read by plain selects; `meta` opens every
    page on both, `faults` gives every command what a database may refuse, and workers are killed on
    both.
    """
    if database == "sqlite":
        return item.get_closest_marker("several_writers") is None
    room = item.path.relative_to(HERE).as_posix()
    if ALIKE.search(room) or item.get_closest_marker("one_database"):
        return False
    return not {"database_url", "new_database"}.isdisjoint(item.fixturenames)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Let nothing be skipped unseen: in CI a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and not exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class Browser(FlaskClient):
    """A browser that reads each answer to its end, and forgets between requests who logged in.

    An answer in pieces keeps its database connection until somebody read the last one, and a
    test's own context outlives all its requests.
    """

    def open(self, *arguments: Any, **named: Any) -> Any:
        if has_app_context():
            g.pop("_login_user", None)
            # Nor whose clocks a worker of this test went by.
            refresh()
        return super().open(*arguments, **{"buffered": True} | named)


@pytest.fixture
def clock(tmp_path: Path) -> FileClock:
    """A clock that stands at START until it is moved."""
    clock = FileClock(tmp_path / "clock.json")
    clock.set(START, rate=0)
    return clock


@pytest.fixture
def settings(tmp_path: Path, database_url: str, clock: FileClock) -> Settings:
    """The settings of an instance of this test's own."""
    return Settings(
        var=tmp_path,
        database_url=database_url,
        secret_key="a secret of this test",
        encryption_keys=(Fernet.generate_key().decode(),),
        time_zone="Europe/Paris",
        clock=str(clock.path),
    )


@pytest.fixture
def queue() -> InlineQueue:
    """A queue that remembers what it was given."""
    return InlineQueue()


@pytest.fixture
def network() -> FakeNetwork:
    """The network behind the fake channel."""
    return FakeNetwork()


@pytest.fixture
def registry(network: FakeNetwork) -> Registry:
    """The installed plugins and the fake channel."""
    registry = Registry()
    registry.load()
    registry.add(FakePlugin(network), name="fake")
    return registry


@pytest.fixture
def app_on(
    registry: Registry,
    queue: InlineQueue,
    compiled: Callable[[Flask], None],
    give_back: Callable[[Engine], None],
) -> Iterator[Callable[..., Flask]]:
    """A function that makes an application; what it opened is closed when the test ends."""
    made: list[Flask] = []

    def make(settings: Settings, plugins: Registry = registry) -> Flask:
        app = create_app(settings, registry=plugins, queue=queue)
        app.test_client_class = Browser
        compiled(app)
        rendering.watch(app)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            give_back(db.engine)


@pytest.fixture
def app(settings: Settings, app_on: Callable[[Settings], Flask]) -> Flask:
    """The web application, with forged-request protection off so that tests may post."""
    app = app_on(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return app


@pytest.fixture
def runtime(app: Flask) -> Iterator[Runtime]:
    """A runtime of the command line, with its session."""
    with app.app_context():
        runtime = runtime_of(app, trusted("test"))
        yield runtime
        # A page that was asked for meanwhile may have taken the session out of the registry.
        runtime.session.close()
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody logged in with."""
    return app.test_client()


@pytest.fixture
def client_as(app: Flask) -> Callable[[Role], FlaskClient]:
    """A function that returns a browser in which an operator of a role is logged in."""

    def signed_in(role: Role) -> FlaskClient:
        with app.app_context():
            runtime = runtime_of(app, trusted("test"))
            operator = team.create(
                runtime, name=role.value.title(), email=f"{role.value}@fanfare.example", role=role
            )
            _session, token = sessions.begin(runtime, operator, agent="", address="192.0.2.9")
            db.session.remove()
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return client

    return signed_in


@pytest.fixture
def admin(client_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """A browser in which an administrator is logged in."""
    return client_as(Role.ADMIN)


@pytest.fixture
def marketer(client_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """A browser in which a marketer is logged in."""
    return client_as(Role.MARKETER)
