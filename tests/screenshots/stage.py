"""An instance with its sandbox, standing still in time, so that pages can be looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import create_engine

from channels.clock import FileClock
from tests.plugins.x.sandbox.running import RunningSandbox, running
from tests.support.queues import InlineQueue
from webapp.app import create_app, runtime_of
from webapp.deliveries import sending
from webapp.deliveries.models import MOVING, Delivery
from webapp.kernel import schema
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime

FOLLOWERS = 12_408


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The application, a runtime on it, its clock, and the sandbox it talks to."""

    app: Flask
    runtime: Runtime
    clock: FileClock
    sandbox: RunningSandbox

    def act_as(self, name: str) -> Runtime:
        """Return a runtime of somebody else, for what the audit and the pages say of them."""
        return runtime_of(self.app, trusted(name))

    def at(self, moment: datetime) -> None:
        """Move the clock, which then stands still again."""
        self.clock.set(moment, rate=0)

    def send(self, delivery: Delivery, *, until: datetime) -> None:
        """Send in slices; whenever a limit binds, let the time pass, but never beyond `until`."""
        while True:
            sending.send_batch(self.runtime, delivery.id)
            again = delivery.resume_at
            if delivery.state not in MOVING or again is None or again >= until:
                return
            self.at(max(again, self.clock.now()) + timedelta(seconds=1))


@contextmanager
def stage(folder: Path, *, followers: int = FOLLOWERS) -> Iterator[Stage]:
    """Start the sandbox, migrate an empty database, make the application."""
    with running(folder, "--followers", str(followers)) as sandbox:
        url = f"sqlite:///{folder}/fanfare.sqlite3"
        engine = create_engine(url)
        schema.upgrade(engine)
        engine.dispose()
        app = create_app(_settings(folder, url, sandbox), queue=InlineQueue())
        with app.app_context():
            runtime = runtime_of(app, trusted("Inès Laurent"))
            yield Stage(app=app, runtime=runtime, clock=sandbox.clock, sandbox=sandbox)
            db.session.remove()
            db.engine.dispose()


def _settings(folder: Path, url: str, sandbox: RunningSandbox) -> Settings:
    return Settings(
        var=folder,
        database_url=url,
        secret_key="the secret of a stage",
        encryption_keys=(Fernet.generate_key().decode(),),
        time_zone="Europe/Paris",
        # As people reach it; nobody does, and browsers come without encryption.
        public_url="https://hub.ateliernord.example.com",
        secure_cookies=False,
        clock=str(sandbox.clock.path),
        plugin_options={"FANFARE_X_SANDBOX_URL": sandbox.url},
    )
