"""A worker of its own process that takes from a quota as long as there is something to take."""

from channels import Limit, Operation
from tests.support.fakes import FakeNetwork, FakePlugin
from tests.support.queues import InlineQueue
from webapp.app import create_app, runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.plugins.registry import Registry
from webapp.services.connection import accounts
from webapp.services.limits import quota

MOST = 500


def take_all(settings: Settings, limits: list[Limit], service_id: int) -> int:
    registry = Registry()
    registry.add(FakePlugin(FakeNetwork(limits=limits)), name="fake")
    app = create_app(settings, registry=registry, queue=InlineQueue())
    with app.app_context():
        runtime = runtime_of(app, trusted("taker"))
        service = accounts.get(runtime, service_id)
        runtime.session.commit()
        for taken in range(MOST):
            if quota.reserve(runtime, service, Operation.DIRECT):
                db.session.remove()
                db.engine.dispose()
                return taken
    raise AssertionError("The windows never ended.")
