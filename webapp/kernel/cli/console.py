"""The command line's surroundings: a runtime, output for people or programs, secrets from stdin."""

import getpass
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import click
from flask import Flask

from webapp.kernel import schema
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import SERVICE, Settings
from webapp.kernel.db import db, reading
from webapp.kernel.errors import FanfareError
from webapp.kernel.instance import Instance, read_settings
from webapp.kernel.logging import logs
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import new_key

# A terminal obeys these, and names come from strangers.
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@dataclass(frozen=True, slots=True)
class Console:
    """What every command is given; the application is made when a command needs it."""

    make_app: Callable[[Settings], Flask]

    def app(self) -> Flask:
        """Make the application from the environment; raise `SettingsError` for mistakes in it."""
        return self.make_app(read_settings())

    def lone_app(self) -> Flask:
        """Make the application for a look at its parts: on no database, with keys of its own."""
        settings = replace(
            read_settings(),
            database_url="sqlite:///:memory:",
            secret_key=new_key(),
            encryption_keys=(new_key(),),
        )
        return self.make_app(settings)

    def ready_app(self) -> Flask:
        """Make the application for a process that stays; raise `Unfit` for another database."""
        settings = read_settings()
        logs.start(settings.log_format)
        app = self.make_app(settings)
        with _connected(app):
            schema.refuse_unfit(db.engine)
        return app

    @contextmanager
    def bare_runtime(self) -> Iterator[Runtime]:
        """Lend a runtime on a database of any shape, to look after it."""
        app = self.app()
        instance: Instance = app.extensions["fanfare"]
        with _connected(app):
            yield instance.runtime(db.session(), trusted(_who()))

    @contextmanager
    def runtime(self) -> Iterator[Runtime]:
        """Lend a runtime on an up-to-date database."""
        with self.bare_runtime() as runtime:
            schema.refuse_behind(db.engine)
            yield runtime

    @contextmanager
    def looking(self) -> Iterator[Runtime]:
        """Lend a runtime to a command that only looks: it holds nobody up, and may not write."""
        with reading(), self.runtime() as runtime:
            yield runtime


@contextmanager
def _connected(app: Flask) -> Iterator[None]:
    """Let the database be used, and leave no connection open: a fork must not inherit one."""
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


pass_console = click.make_pass_decorator(Console)


def _who() -> str:
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):
        return "command line"


def emit(data: Any, text: str, *, as_json: bool) -> None:
    """Print a result: one JSON value for programs, or sentences for people."""
    click.echo(json.dumps(data, default=_plain, ensure_ascii=False) if as_json else text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON.")


def table(rows: Sequence[Mapping[str, Any]], empty: str) -> str:
    """Return rows as aligned columns, or a sentence when there is none."""
    if not rows:
        return empty
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def _cell(value: Any) -> str:
    # "Unknown" is the state of a message, so what is not there has no word at all.
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S %Z")
    return str(value).translate(CONTROLS)


def read_secrets() -> dict[str, str]:
    """Read secrets from the environment, or else as JSON or lines from standard input."""
    named = {
        name.removeprefix(SERVICE).lower(): value.strip()
        for name, value in os.environ.items()
        if name.startswith(SERVICE)
    }
    return named or _typed_secrets()


def _typed_secrets() -> dict[str, str]:
    if sys.stdin.isatty():
        raise FanfareError(
            "Secrets come from standard input, as JSON or as name=value lines, or from variables "
            f"such as {SERVICE}ACCESS_TOKEN; they are never arguments, which other users of this "
            "machine could read."
        )
    text = read_text().strip()
    try:
        found = json.loads(text) if text.startswith("{") else _lines(text)
    except (ValueError, RecursionError) as cause:
        raise FanfareError("Standard input holds neither JSON nor name=value lines.") from cause
    return {str(name): _value(str(name), value) for name, value in found.items()}


def _value(name: str, value: Any) -> str:
    """Return a value of JSON as it would be typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        raise FanfareError(f"Standard input gives {name} a value that is not text.")
    return "" if value is None else str(value)


def read_text() -> str:
    """Read all of standard input; raise a sentence for what is no text."""
    return _sound(sys.stdin.read)


def _sound(read: Callable[[], str]) -> str:
    try:
        text = read()
        text.encode()
    except UnicodeError as cause:
        raise FanfareError("Standard input is not text in UTF-8.") from cause
    # PostgreSQL keeps no zero byte in a text.
    if "\0" in text:
        raise FanfareError("Standard input holds a zero byte, which no text in UTF-8 has.")
    return text


def _lines(text: str) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in text.splitlines() if line.strip())
    return {name.strip(): value.strip() for name, value in pairs}


def read_password() -> str:
    """Read a password: asked for twice on a terminal, one line of standard input otherwise."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return _sound(sys.stdin.readline).rstrip("\r\n")
