import pytest

from channels import Accepts, Feature
from tests.support.factories import (
    make_delivery,
    make_service,
    make_subscription,
    make_subscriptions,
)
from tests.support.fakes import FakeNetwork
from tests.support.stretches import STRETCH
from webapp.deliveries.approval import recipients
from webapp.deliveries.models import Delivery
from webapp.kernel.db import turns
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def proof_account(runtime: Runtime) -> Service:
    """The private test account that proofs go to."""
    return make_service(runtime, internal_name="atelier_proof", remote_id="2", is_test=True)


@pytest.fixture
def draft(runtime: Runtime, service: Service) -> Delivery:
    make_subscriptions(runtime, service, 3)
    make_subscription(runtime, service, opted_out_at=runtime.now())
    return make_delivery(runtime, service)


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few people fill a stretch, and nobody wait between two."""
    monkeypatch.setattr(recipients, "STRETCH", STRETCH)
    monkeypatch.setattr(turns, "GAP", 0)


@pytest.fixture
def takes_threads(network: FakeNetwork) -> None:
    """The network takes posts that answer each other, and finds them again by their texts."""
    network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY})
    network.finds_posts = True
