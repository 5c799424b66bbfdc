"""What each test's application would compile anew is compiled once in a process.

That is half of what the tests' time went to: SQL, the builders of addresses, and templates. The
connections to a server are kept as well.
"""

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import URL, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import Rule

from webapp.kernel.db import db
from webapp.kernel.plugins import registry

# The dialect is a part of each key of a cache, so the engines must share that as well.
DIALECTS: dict[str, Dialect] = {}
STATEMENTS: dict[Any, Any] = {}
POOLS: dict[URL, Any] = {}
RULES: dict[tuple[str, str], dict[str, Any]] = {}


class CompiledTemplates(BytecodeCache):
    """The templates that any application of this process compiled, ready to run."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = CompiledTemplates()


class CompiledRule(Rule):
    """A rule that takes its parts and what builds its addresses from an equal rule before it."""

    def compile(self) -> None:
        key = (self.rule, repr(sorted((self.defaults or {}).items())))
        if key not in RULES:
            super().compile()
            RULES[key] = vars(self).copy()
            return
        made = RULES[key]
        for name in ("_parts", "_trace", "_converters"):
            setattr(self, name, made[name])
        self.arguments.update(made["arguments"])
        for name in ("_build", "_build_unknown"):
            setattr(self, name, made[name].__func__.__get__(self, None))


def pytest_configure() -> None:
    """Have every application of this process made of such rules, and look for plugins once."""
    Flask.url_rule_class = CompiledRule
    registry.entry_points = cache(entry_points)


def lend_connections(engine: Engine) -> None:
    """Let an engine use the connections to a server that those before it left.

    A server learns the tables anew with each connection, which takes it longer than most tests.
    """
    if engine.dialect.name == "postgresql":
        engine.pool = POOLS.setdefault(engine.url, engine.pool)


def knows_its_dialect(engine: Engine) -> bool:
    """Tell whether the engine's dialect is shared, which takes a database that can be opened.

    A dialect learns about its server from the first connection of its own engine, and the first
    database of a process may be one that a test spoiled.
    """
    name = engine.dialect.name
    if name not in DIALECTS:
        try:
            engine.connect().close()
        except DBAPIError:
            return False
        DIALECTS[name] = engine.dialect
    return True


@pytest.fixture(scope="session")
def give_back() -> Callable[[Engine], None]:
    """A function that keeps an engine's connections for the next one, if nobody holds any."""

    def keep(engine: Engine) -> None:
        if POOLS.get(engine.url) is not engine.pool or engine.pool.checkedout():
            POOLS.pop(engine.url, None)
            engine.dispose()

    return keep


@pytest.fixture(scope="session")
def compiled() -> Callable[[Flask], None]:
    """A function that lets an application use what was compiled for those before it."""

    def share(app: Flask) -> None:
        app.jinja_env.bytecode_cache = TEMPLATES
        with app.app_context():
            engine = db.engine
        if not knows_its_dialect(engine):
            return
        engine.dialect = DIALECTS[engine.dialect.name]
        lend_connections(engine)
        engine.update_execution_options(compiled_cache=STATEMENTS)

    return share
