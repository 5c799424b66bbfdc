"""The demo's stage: an instance of its own on a shared clock, with its sandbox and a runtime."""

import json
import os
import secrets
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import Flask

from channels.clock import FileClock
from webapp.kernel.audit import trusted
from webapp.kernel.config.command_name import RUN
from webapp.kernel.config.settings import PREFIX, Settings
from webapp.kernel.db import db, reading
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import new_key
from webapp.system.processes.supervisor.up import Instance, asked_to_end, free_port

PATIENCE = 120.0
POLL = 0.1
VAR = f"{PREFIX}VAR"
MAIL = "admin@fanfare.example"

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the story plays on."""

    instance: Instance
    runtime: Runtime
    clock: FileClock
    sandbox_url: str
    password: str

    def move_to(self, moment: Any) -> None:
        """Move the clock of every process forward to a moment."""
        ahead = moment - self.clock.now() + timedelta(seconds=1)
        if ahead > timedelta():
            self.clock.advance(ahead)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the sandbox itself what it saw, or order something."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(  # noqa: S310 - our own sandbox
            f"{self.sandbox_url}/sandbox/{path}",
            data=data,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return json.load(answer)

    def look(self, question: Callable[[], Seen]) -> Seen:
        """Ask the database something anew, without holding up those who write."""
        with reading():
            self.runtime.session.expire_all()
            seen = question()
            self.runtime.session.commit()
        return seen

    def wait(self, reached: Callable[[], bool], what: str) -> None:
        """Wait until something is reached in the database; raise when it takes too long."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            if self.look(reached):
                return
            if self.instance.stop.wait(POLL):
                raise click.Abort
        raise FanfareError(f"The demo waited too long for {what}.")


@contextmanager
def stage(make_app: Callable[[Settings], Flask], say: Callable[[str], None]) -> Iterator[Stage]:
    """Set up an instance of the demo's own in a folder that goes away with it, however it ends.

    `say` is told each step of the start before it is taken.
    """
    refuse_var(os.environ)
    stop = asked_to_end()
    with tempfile.TemporaryDirectory(prefix="fanfare-demo-") as folder:
        environ = _environ(Path(folder))
        instance = Instance(Settings.from_env(environ), stop, environ)
        try:
            instance.start(say)
            yield from _with_runtime(instance, make_app)
        finally:
            instance.end()


def refuse_var(environ: Mapping[str, str]) -> None:
    """Raise a sentence where the environment names a folder: it may be that of a real instance.

    The demo fills its database with invented people and moves its clock by days.
    """
    for name in (VAR, f"{VAR}_FILE"):
        if environ.get(name):
            raise FanfareError(
                f"The demo plays in a temporary folder that goes away with it and takes no {name}. "
                f"Leave it out: env -u {name} {RUN} demo"
            )


def _environ(folder: Path) -> dict[str, str]:
    """Return an environment without the settings of any other instance: it may be the real one."""
    others = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith((PREFIX, "DATABASE_URL", "REDIS_URL"))
    }
    return others | {
        VAR: str(folder),
        "FANFARE_CLOCK": str(folder / "clock.json"),
        "FANFARE_PORT": os.environ.get("FANFARE_PORT") or str(free_port()),
        "FANFARE_SECRET_KEY": secrets.token_urlsafe(48),
        "FANFARE_ENCRYPTION_KEYS": new_key(),
    }


def _with_runtime(instance: Instance, make_app: Callable[[Settings], Flask]) -> Iterator[Stage]:
    settings = Settings.from_env(instance.environ)
    # From now on this process holds the database open.
    instance.forks = False
    app = make_app(settings)
    with app.app_context():
        lent = app.extensions["fanfare"].runtime(db.session(), trusted("demo"))
        sandbox = next(url for name, url in instance.environ.items() if "SANDBOX_URL" in name)
        try:
            yield Stage(
                instance=instance,
                runtime=lent,
                clock=FileClock(settings.clock),
                sandbox_url=sandbox,
                password=secrets.token_urlsafe(9),
            )
        finally:
            db.session.remove()
            db.engine.dispose()
