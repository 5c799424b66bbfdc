"""A delivery waits for the session of its account, and loses no message over it."""

from datetime import timedelta

import pytest

from channels import ErrorKind
from tests.support.deliveries import begin, ready, states
from tests.support.sessions import HOUR, FakeSessions, failing
from webapp.deliveries import sending
from webapp.deliveries.models import DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service, ServiceState

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sessions(runtime: Runtime) -> FakeSessions:
    """The part, with tokens that end in a minute."""
    part = FakeSessions(ends=runtime.now() + MINUTE)
    runtime.registry.get("fake").sessions = part
    return part


def test_a_delivery_waits_for_its_session_and_loses_no_message(
    runtime: Runtime, service: Service, sessions, network, clock
):
    delivery = begin(runtime, ready(runtime, service, 2))
    sessions.ends = runtime.now() - MINUTE
    sessions.on_refresh = failing(ErrorKind.UNKNOWN)
    sending.send_batch(runtime, delivery.id)
    assert network.directs == []
    assert states(runtime, delivery) == ["pending", "pending"]
    assert delivery.state is DeliveryState.SENDING

    clock.advance(HOUR)
    sessions.on_refresh = lambda _context: None
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "sent"]
    assert len(network.directs) == 2


def test_a_delivery_whose_session_is_refused_stands_until_somebody_signs_in(
    runtime: Runtime, service: Service, sessions, network
):
    delivery = begin(runtime, ready(runtime, service, 2))
    sessions.on_refresh = failing(ErrorKind.SENDER)
    sending.send_batch(runtime, delivery.id)

    runtime.session.refresh(delivery)
    assert delivery.state is DeliveryState.PAUSED
    assert runtime.session.get_one(Service, service.id).state is ServiceState.NEEDS_FIXING
    assert network.directs == []
