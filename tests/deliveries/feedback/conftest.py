"""A fake channel whose network tells things by itself, and a delivery that it took over."""

from dataclasses import replace

import pytest

from tests.support.deliveries import begin, ready
from tests.support.fakes import FakeNetwork
from tests.support.feedback import FakeEvents
from webapp.deliveries import sending
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def events(runtime: Runtime) -> FakeEvents:
    part = FakeEvents()
    runtime.registry.get("fake").events = part
    return part


@pytest.fixture
def taken_over(runtime: Runtime, service: Service, network: FakeNetwork) -> Delivery:
    """A delivery to two people whose network only took the messages over."""
    directs = runtime.registry.get("fake").directs
    send = directs.send
    directs.send = lambda *given: replace(send(*given), accepted=True)
    delivery = begin(runtime, ready(runtime, service, 2))
    sending.send_batch(runtime, delivery.id)
    return delivery
