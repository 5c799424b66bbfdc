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
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import URL, Dialect, Engine
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.matcher import RulePart

from webapp.kernel.db import db
from webapp.kernel.plugins import registry

# The dialect is a part of each key of a cache, so the engines must share that as well.
DIALECTS: dict[str, Dialect] = {}
STATEMENTS: dict[Any, Any] = {}
POOLS: dict[URL, Any] = {}
BUILDERS: dict[Any, Callable[..., tuple[str, str]]] = {}
PARSED: dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]] = {}


class CompiledRule(Rule):
    """A rule that takes its parts and what builds its addresses from an equal rule before it."""

    def _parse_rule(self, rule: str) -> list[RulePart]:
        begun = len(self._trace)
        if rule not in PARSED:
            PARSED[rule] = [*super()._parse_rule(rule)], self._trace[begun:], self._converters
        parts, trace, converters = PARSED[rule]
        self._trace[begun:] = trace
        self._converters = dict(converters)
        self.arguments.update(converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - as werkzeug calls it
        defaults = repr(sorted((self.defaults or {}).items()))
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in BUILDERS:
            BUILDERS[key] = super()._compile_builder(append_unknown)
        return BUILDERS[key]


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


@pytest.fixture(scope="session")
def give_back() -> Callable[[Engine], None]:
    """A function that keeps an engine's connections for the next one, if nobody holds any."""

    def keep(engine: Engine) -> None:
        if POOLS.get(engine.url) is not engine.pool or engine.pool.checkedout():
            POOLS.pop(engine.url, None)
            engine.dispose()

    return keep


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Flask], None]:
    """A function that lets an application use what was compiled for those before it."""
    templates = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))

    def share(app: Flask) -> None:
        app.jinja_env.bytecode_cache = templates
        with app.app_context():
            engine = db.engine
        name = engine.dialect.name
        if name not in DIALECTS:
            # A dialect learns about its server from the first connection of its own engine.
            engine.connect().close()
            DIALECTS[name] = engine.dialect
        engine.dialect = DIALECTS[name]
        lend_connections(engine)
        engine.update_execution_options(compiled_cache=STATEMENTS)

    return share
