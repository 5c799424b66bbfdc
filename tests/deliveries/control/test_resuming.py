"""Resuming lets a delivery go on, and changes nothing that an operator chose."""

from datetime import timedelta

import pytest

from channels.clock import FileClock
from tests.support.deliveries import begin, ready, states
from webapp.deliveries import control, sending
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryState, LatePolicy
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

HOUR = timedelta(hours=1)


@pytest.fixture
def scheduled(runtime: Runtime, service: Service) -> Delivery:
    at = runtime.now() + 2 * HOUR
    return begin(runtime, ready(runtime, service, people=1, scheduled_at=at))


def test_who_resumes_before_its_time_is_still_asked_when_it_is_late(
    runtime: Runtime, scheduled: Delivery, clock: FileClock
):
    control.pause(runtime, scheduled.id)
    control.resume(runtime, scheduled.id)
    clock.advance(4 * HOUR)

    sending.send_batch(runtime, scheduled.id)

    found = editing.get(runtime, scheduled.id)
    assert found.late_policy is LatePolicy.ASK
    assert found.state is DeliveryState.PAUSED
    assert states(runtime, scheduled) == ["pending"]


def test_who_resumes_a_late_one_is_not_asked_again(
    runtime: Runtime, scheduled: Delivery, clock: FileClock
):
    clock.advance(4 * HOUR)
    sending.send_batch(runtime, scheduled.id)
    control.resume(runtime, scheduled.id)

    sending.send_batch(runtime, scheduled.id)

    assert editing.get(runtime, scheduled.id).late_policy is LatePolicy.ASK
    assert states(runtime, scheduled) == ["sent"]
