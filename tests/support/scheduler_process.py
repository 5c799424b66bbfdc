"""A scheduler of its own process that ticks a while and says what it claimed."""

from datetime import datetime

from tests.support.fakes import FakeNetwork, FakePlugin
from tests.support.queues import InlineQueue
from webapp.app import create_app, runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.plugins.registry import Registry
from webapp.workflows import control

TICKS = 20


def claim_all(settings: Settings, name: str, due: datetime) -> list[int]:
    """Claim from before the time something is due until a while after it."""
    registry = Registry()
    registry.add(FakePlugin(FakeNetwork()), name="fake")
    app = create_app(settings, registry=registry, queue=InlineQueue())
    found: list[int] = []
    with app.app_context():
        runtime = runtime_of(app, trusted("ticker"))
        now = runtime.clock.system()
        runtime.session.add(Heartbeat(process=name, seen_at=now, held_by=name))
        runtime.session.commit()
        left = TICKS
        while left:
            left -= runtime.now() >= due
            found += control.due(runtime)
        db.session.remove()
        db.engine.dispose()
    return found
