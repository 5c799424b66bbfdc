"""A worker of its own process that writes the same people again and again."""

from tests.support.fakes import FakeNetwork, FakePlugin, person
from tests.support.queues import InlineQueue
from webapp.app import create_app, runtime_of
from webapp.audience.bulk import upserts
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.plugins.registry import Registry
from webapp.services.connection import accounts

PEOPLE, TIMES = 300, 12


def write_all(settings: Settings, service_id: int, *, backwards: bool) -> int:
    registry = Registry()
    registry.add(FakePlugin(FakeNetwork()), name="fake")
    app = create_app(settings, registry=registry, queue=InlineQueue())
    people = [person(number) for number in range(PEOPLE)][:: -1 if backwards else 1]
    with app.app_context():
        runtime = runtime_of(app, trusted("syncer"))
        service = accounts.get(runtime, service_id)
        for run_id in range(TIMES):
            upserts.followers(runtime, service, people, run_id)
            runtime.session.commit()
        db.session.remove()
        db.engine.dispose()
    return TIMES
