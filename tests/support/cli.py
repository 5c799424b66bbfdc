"""The command line, called inside the test's own process and on the test's own instance."""

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.queues import InlineQueue
from webapp import app as factory
from webapp.cli import main
from webapp.kernel.config.settings import Settings, variable
from webapp.kernel.db import db
from webapp.kernel.plugins.registry import Registry


@dataclass(frozen=True)
class Said:
    """What a command left: its exit code and both its outputs."""

    code: int
    out: str
    err: str


Cli = Callable[..., Said]


def environ_of(settings: Settings) -> dict[str, str]:
    """The environment in which another process serves the same instance."""
    return {
        "FANFARE_VAR": str(settings.var),
        "DATABASE_URL": settings.database_url,
        "FANFARE_SECRET_KEY": settings.secret_key,
        "FANFARE_ENCRYPTION_KEYS": ",".join(settings.encryption_keys),
        "FANFARE_TIME_ZONE": settings.time_zone,
        variable("clock"): settings.clock,
        **settings.plugin_options,
    }


@pytest.fixture
def cli(
    settings: Settings,
    registry: Registry,
    queue: InlineQueue,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Cli:
    """A function that runs one command on this test's instance, with the fake channel."""
    make = factory.create_app

    def run(*words: str, stdin: str | None = "", **environ: str) -> Said:
        # A broker that is named is used.
        lent = None if "REDIS_URL" in environ else queue
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("FANFARE_")]:
                patch.delenv(name)
            for name, value in {**environ_of(settings), **environ}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["webapp/__main__.py", *words])
            patch.setattr(sys, "stdin", None if stdin is None else io.StringIO(stdin))
            patch.setattr(
                factory, "create_app", lambda given: make(given, registry=registry, queue=lent)
            )
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        code: Any = ended.value.code
        return Said(code=int(code or 0), out=said.out, err=said.err)

    return run


def engine_of(app: Any) -> Engine:
    """The engine behind an application."""
    with app.app_context():
        return db.engine
