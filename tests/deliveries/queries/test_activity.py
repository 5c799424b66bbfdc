"""What a delivery does just now; only soft failures are called retrying."""

from datetime import timedelta

import pytest

from channels import ErrorKind, Limit, Operation, Scope, Unknowable
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, ready, sent
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.deliveries import control, sending
from webapp.deliveries.models import Delivery, DeliveryState, Held
from webapp.deliveries.queries.activity import Activity, Doing, activity_of
from webapp.kernel.runtime import Runtime

HOUR = timedelta(hours=1)


def does(runtime: Runtime, delivery: Delivery) -> Activity:
    runtime.session.refresh(delivery)
    found = activity_of(delivery, runtime.now())
    assert found is not None
    return found


def test_a_spent_limit_is_waited_for_and_is_no_retry(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(1)]

    delivery = sent(runtime, service)

    found = does(runtime, delivery)
    assert delivery.state is DeliveryState.SENDING
    assert (found.doing, found.until) == (Doing.WAITING, runtime.now() + timedelta(minutes=15))
    assert "is used up" in found.why
    assert found.code == Held.LIMIT


def test_a_full_wave_is_waited_for(runtime: Runtime, service):
    delivery = sent(runtime, service, wave_size=1)

    found = does(runtime, delivery)
    assert (delivery.state, found.doing) == (DeliveryState.SENDING, Doing.WAITING)
    assert found.code == Held.WAVE


def test_an_unread_inbox_is_waited_for(runtime: Runtime, network: FakeNetwork, service):
    network.limits = [Limit(operation=Operation.INBOX, scope=Scope.ACCOUNT, seconds=900, cap=0)]
    delivery = begin(runtime, ready(runtime, service))
    service.inbox_read_at = None
    runtime.session.commit()

    sending.send_batch(runtime, delivery.id)

    found = does(runtime, delivery)
    assert (delivery.state, found.doing) == (DeliveryState.SENDING, Doing.WAITING)
    assert found.code == Held.INBOX


@pytest.mark.parametrize("people", [1, 3])
def test_a_soft_failure_is_tried_again(
    runtime: Runtime, network: FakeNetwork, service, people: int
):
    network.before = [fault(ErrorKind.TEMPORARY, "stumbled")] * people

    delivery = sent(runtime, service, people=people)

    assert delivery.state is DeliveryState.RETRYING
    assert does(runtime, delivery) == Activity(doing=Doing.RETRYING, until=runtime.now() + HOUR)


def test_a_limit_that_closes_after_a_soft_failure_is_waited_for(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(1)]
    network.before = [fault(ErrorKind.TEMPORARY, "stumbled")]

    delivery = sent(runtime, service)

    assert delivery.state is DeliveryState.SENDING
    assert does(runtime, delivery).doing is Doing.WAITING


def test_an_open_outcome_is_asked_about(runtime: Runtime, network: FakeNetwork, service):
    network.after = [fault(ErrorKind.UNKNOWN)]

    delivery = sent(runtime, service)

    asks_at = runtime.now() + timedelta(seconds=runtime.settings.reconcile_after_seconds)
    assert delivery.state is DeliveryState.SENDING
    assert does(runtime, delivery) == Activity(doing=Doing.ASKING, until=asks_at)


def test_asking_moves_no_retry_and_a_retry_moves_no_asking(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.before = [fault(ErrorKind.TEMPORARY, "stumbled"), None]
    network.after = [fault(ErrorKind.UNKNOWN)]
    network.answer = Unknowable(reason="")
    delivery = sent(runtime, service, people=2)
    again = runtime.now() + HOUR
    clock.advance(timedelta(seconds=runtime.settings.reconcile_after_seconds))

    assert sending.due(runtime) == [delivery.id]
    sending.send_batch(runtime, delivery.id)

    assert len(network.asked) == 1
    assert does(runtime, delivery) == Activity(doing=Doing.RETRYING, until=again)


def test_what_may_go_on_at_once_sends(runtime: Runtime, service):
    delivery = begin(runtime, ready(runtime, service))
    delivery.state = DeliveryState.SENDING
    runtime.session.commit()

    assert does(runtime, delivery) == Activity(doing=Doing.SENDING)


def test_what_is_not_on_its_way_does_nothing(runtime: Runtime, service):
    assert activity_of(ready(runtime, service), runtime.now()) is None
    assert activity_of(sent(runtime, service), runtime.now()) is None


def test_a_pause_and_going_on_change_the_code_with_the_reason(runtime: Runtime, service):
    delivery = begin(runtime, ready(runtime, service))

    control.pause(runtime, delivery.id)
    assert delivery.wait_code == Held.OPERATOR
    control.resume(runtime, delivery.id)
    assert delivery.wait_code == Held.NOTHING
