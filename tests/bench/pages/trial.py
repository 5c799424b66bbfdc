"""Asks the same pages of two instances by turns, one with few people and one with many."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from tests.bench.pages import addresses, filling
from tests.bench.pages.addresses import Ask
from tests.support.queues import InlineQueue
from tests.support.servers import start_postgresql, stop_postgresql
from webapp.app import create_app, runtime_of
from webapp.kernel import schema
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.operators.accounts import team
from webapp.operators.authentication import sessions
from webapp.operators.models import Role

# Of twenty, the slowest is left out.
PARTS, LAST = 20, -1
MILLI = 1_000


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many people each of the two has, and how long the log of two deliveries of it is."""

    people: int
    deliveries: int
    log: int


FEW = Size(people=1_000, deliveries=20, log=1_000)
MANY = Size(people=1_000_000, deliveries=200, log=100_000)


def sizes(people: list[int] | None, log: int | None) -> tuple[Size, Size]:
    """Return the two sizes, or others than the promised ones."""
    few, many = people or (FEW.people, MANY.people)
    longest = log or MANY.log
    return (
        Size(people=few, deliveries=min(few, FEW.deliveries), log=min(few, longest)),
        Size(people=many, deliveries=min(many, MANY.deliveries), log=min(many, longest)),
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How many seconds each answer to one page took with few people and with many."""

    database: str
    name: str
    few: list[float]
    many: list[float]

    @property
    def ratio(self) -> float:
        """How many times as long it takes with many: the 95th percentiles."""
        return slow(self.many) / slow(self.few)

    def as_dict(self) -> dict[str, object]:
        """Return the figures of the report."""
        return {
            "database": self.database,
            "page": self.name,
            "ratio": round(self.ratio, 2),
            "median_ratio": round(median(self.many) / median(self.few), 2),
            "few_ms": round(slow(self.few) * MILLI, 1),
            "many_ms": round(slow(self.many) * MILLI, 1),
        }


def slow(seconds: list[float]) -> float:
    """Return what 95 of 100 answers do not pass."""
    return quantiles(seconds, n=PARTS, method="inclusive")[LAST]


def trials(databases: list[str], sizes: tuple[Size, Size], times: int) -> Iterator[Asked]:
    """Fill two instances on each database and ask every page of both."""
    for kind in databases:
        with TemporaryDirectory(prefix="fanfare-bench-") as name, ExitStack() as opened:
            urls = opened.enter_context(_databases(kind, Path(name)))
            both = [
                opened.enter_context(instance(url, Path(name), size))
                for url, size in zip(urls, sizes, strict=True)
            ]
            yield from asked(kind, both, times)


def asked(kind: str, both: list[tuple[FlaskClient, list[Ask]]], times: int) -> Iterator[Asked]:
    """Ask each page so many times, of the one and of the other in turn."""
    (_few, asks), (_many, others) = both
    for ask, other in zip(asks, others, strict=True):
        took: list[list[float]] = [[], []]
        for number in range(times + 1):
            for place, wanted in enumerate((ask, other)):
                took[place].append(_seconds(both[place][0], wanted, number))
        # The first of each makes what the others find made.
        yield Asked(database=kind, name=ask.name, few=took[0][1:], many=took[1][1:])


def _seconds(client: FlaskClient, ask: Ask, number: int) -> float:
    began = time.perf_counter()
    status = ask.of(client, number)
    passed = time.perf_counter() - began
    if status != 200:
        raise RuntimeError(f"{ask.name} ({ask.path}) answers {status}.")
    return passed


@contextmanager
def _databases(kind: str, folder: Path) -> Iterator[list[str]]:
    """Two new databases with every table; their server ends with them."""
    names = ("few", "many")
    if kind == "sqlite":
        yield [_made(f"sqlite:///{folder / name}.sqlite3") for name in names]
        return
    server = start_postgresql(folder)
    try:
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in names:
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        urls = [make_url(server).set(database=name) for name in names]
        yield [_made(url.render_as_string(hide_password=False)) for url in urls]
    finally:
        stop_postgresql(folder)


def _made(url: str) -> str:
    engine = create_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    return url


@contextmanager
def instance(url: str, folder: Path, size: Size) -> Iterator[tuple[FlaskClient, list[Ask]]]:
    """An instance filled so far: a browser in which an admin is logged in, and what it asks."""
    app = create_app(settings(url, folder), queue=InlineQueue())
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        runtime = runtime_of(app, trusted("bench"))
        filling.fill(runtime, people=size.people, deliveries=size.deliveries, log=size.log)
        db.session.remove()
    yield browser(app)
    with app.app_context():
        db.engine.dispose()


def settings(url: str, folder: Path) -> Settings:
    """Return the settings of an instance that nothing else uses."""
    key = Fernet.generate_key().decode()
    return Settings(
        var=folder, database_url=url, secret_key="a key of the bench", encryption_keys=(key,)
    )


def browser(app: Flask) -> tuple[FlaskClient, list[Ask]]:
    """Return a browser in which an admin is logged in, and what it asks."""
    with app.app_context():
        runtime = runtime_of(app, trusted("bench"))
        admin = team.create(runtime, name="Ada", email="ada@fanfare.example", role=Role.ADMIN)
        _session, token = sessions.begin(runtime, admin, agent="", address="192.0.2.9")
        asks = addresses.all_of(runtime)
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client, asks


def line(item: Asked) -> str:
    """Return a page as a person reads it."""
    row = item.as_dict()
    return (
        f"{item.name:26} {item.database:11} ratio {item.ratio:8.2f}"
        f"   p95 {row['many_ms']:>9,} ms to {row['few_ms']:>7,} ms"
        f"   median ratio {row['median_ratio']}"
    )
