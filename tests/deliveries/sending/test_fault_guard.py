"""A fault inside a slice holds its delivery, or fails the one message, and says why."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from redis.exceptions import ConnectionError as BrokerGone

from channels import ErrorKind, NotSent, Sent
from channels.clock import FileClock
from tests.support import fakes
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, sending
from webapp.deliveries.costs import wave_limit
from webapp.deliveries.drafts.content import render
from webapp.deliveries.models import Delivery, DeliveryState, Held, Message
from webapp.deliveries.sending import reconcile
from webapp.kernel.runtime import Runtime

INSIDE = "Something went wrong inside Fanfare; see the log."


def bug(*_arguments: object, **_named: object) -> None:
    {}["a bug"]


def once(first: Callable[..., object], then: Callable[..., object]) -> Callable[..., object]:
    """Do one thing the first time and another ever after."""
    left = [first]

    def act(*given: object, **more: object) -> object:
        return (left.pop() if left else then)(*given, **more)

    return act


@pytest.fixture
def unknown(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
) -> tuple[Delivery, Message]:
    """A delivery with a message nobody knows the outcome of, which is due, and a spent limit."""
    network.after = [fault(ErrorKind.UNKNOWN)]
    delivery = begin(runtime, ready(runtime, service, people=2))
    sending.send_batch(runtime, delivery.id)
    clock.advance(timedelta(seconds=runtime.settings.reconcile_after_seconds))
    return delivery, runtime.session.query(Message).filter_by(state="unknown").one()


def test_a_plugin_that_is_gone_while_an_outcome_is_unknown_holds_the_delivery(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, unknown
):
    delivery, message = unknown
    channel = runtime.registry.get("fake")
    runtime.registry.disable_channel("fake", "It is broken.")

    assert sending.due(runtime) == [delivery.id]
    sending.send_batch(runtime, delivery.id)

    runtime.session.refresh(message)
    assert delivery.state is DeliveryState.PAUSED
    assert "fake" in delivery.wait_reason
    assert delivery.wait_code == Held.CHANNEL
    assert message.said == delivery.wait_reason
    assert (message.state.value, delivery.leased_until) == ("unknown", None)
    clock.advance(timedelta(minutes=59))
    assert sending.due(runtime) == []

    runtime.registry._channels["fake"] = channel
    network.answer = Sent(remote_id="it was there")
    clock.advance(timedelta(minutes=1))
    assert sending.due(runtime) == [delivery.id]
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "sent"]
    assert len(network.directs) == 2


def test_a_bug_about_one_open_outcome_keeps_no_other_from_being_asked(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, monkeypatch
):
    network.after = [fault(ErrorKind.UNKNOWN)] * 2
    delivery = sent(runtime, service, people=2)
    clock.advance(timedelta(seconds=runtime.settings.reconcile_after_seconds))
    network.answer = Sent(remote_id="found")
    monkeypatch.setattr(reconcile, "_known", once(bug, reconcile._known))

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["unknown", "sent"]
    assert (delivery.state, delivery.wait_reason) == (DeliveryState.PAUSED, INSIDE)
    assert sending.due(runtime) == []


def test_a_bug_in_a_slice_holds_the_delivery_once(
    runtime: Runtime, network: FakeNetwork, service, monkeypatch, caplog
):
    delivery = begin(runtime, ready(runtime, service))
    monkeypatch.setattr(wave_limit, "full_until", bug)

    sending.send_batch(runtime, delivery.id)

    assert (delivery.state, delivery.wait_reason) == (DeliveryState.PAUSED, INSIDE)
    assert (delivery.wait_code, delivery.leased_until) == (Held.INTERNAL, None)
    assert "a bug" in caplog.text
    assert sending.due(runtime) == []
    assert network.directs == []


def test_a_bug_while_a_delivery_is_handed_back_holds_it(runtime: Runtime, service, monkeypatch):
    delivery = begin(runtime, ready(runtime, service))
    monkeypatch.setattr("webapp.deliveries.sending.release._next_state", bug)

    sending.send_batch(runtime, delivery.id)

    runtime.session.refresh(delivery)
    assert (delivery.state, delivery.wait_reason) == (DeliveryState.PAUSED, INSIDE)
    assert sending.due(runtime) == []


def test_an_outage_is_outlived_and_holds_nothing(
    runtime: Runtime, network: FakeNetwork, service, monkeypatch
):
    delivery = begin(runtime, ready(runtime, service))
    with monkeypatch.context() as down:

        def gone(*_arguments: object) -> None:
            raise BrokerGone("The broker is away.")

        down.setattr(wave_limit, "full_until", gone)
        with pytest.raises(BrokerGone):
            sending.send_batch(runtime, delivery.id)

    assert runtime.session.get_one(Delivery, delivery.id).state is DeliveryState.SENDING


def test_a_message_that_cannot_be_prepared_fails_and_keeps_no_other(
    runtime: Runtime, network: FakeNetwork, service, monkeypatch
):
    delivery = begin(runtime, ready(runtime, service))
    monkeypatch.setattr("webapp.deliveries.sending.rendering.texts.render", once(bug, render))

    sending.send_batch(runtime, delivery.id)

    assert sorted(states(runtime, delivery)) == ["failed", "sent", "sent"]
    failed = runtime.session.query(Message).filter_by(state="failed").one()
    assert (failed.reason, failed.said) == ("internal", INSIDE)


def test_a_bug_that_strikes_every_message_holds_the_delivery(
    runtime: Runtime, network: FakeNetwork, service, monkeypatch
):
    delivery = begin(runtime, ready(runtime, service, people=7))
    monkeypatch.setattr("webapp.deliveries.sending.rendering.texts.render", bug)

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery).count("failed") == 5
    assert delivery.state is DeliveryState.PAUSED


def test_an_outage_during_an_analysis_is_no_finding(runtime: Runtime, draft, monkeypatch):
    def gone(*_arguments: object) -> None:
        raise BrokerGone("The broker is away.")

    monkeypatch.setattr(analysis, "gather", gone)
    analysis.start(runtime, draft.id)

    with pytest.raises(BrokerGone):
        analysis.analyse(runtime, draft.id)

    assert runtime.session.get_one(Delivery, draft.id).state is DeliveryState.ANALYSING


@pytest.fixture
def workers(runtime: Runtime, network: FakeNetwork, clock: FileClock, service) -> Workers:
    network.after = [fault(ErrorKind.UNKNOWN)]
    workers = Workers(runtime, clock, begin(runtime, ready(runtime, service, people=1)))
    workers.slice()
    workers.clock.pass_time(timedelta(minutes=10))
    return workers


def test_an_answer_about_an_earlier_attempt_sends_no_message_again(
    workers: Workers, network: FakeNetwork, monkeypatch
):
    """A worker asks and is held up; another asks, sends again, and gets no answer either."""
    network.directs.clear()
    network.after = [fault(ErrorKind.UNKNOWN)]
    held_up = ["the first to ask"]
    find = fakes._Parts.find_sent

    def find_sent(part: object, context: object, attempt: object) -> object:
        if not held_up:
            return find(part, context, attempt)
        held_up.clear()
        workers.clock.pass_time(timedelta(minutes=10))
        workers.slice()
        return NotSent()

    monkeypatch.setattr("tests.support.fakes._Parts.find_sent", find_sent)

    workers.slice()
    workers.finish()

    assert workers.states() == ["sent"]
    assert len(network.directs) == 1


def test_the_lease_is_kept_while_outcomes_are_asked_about(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, monkeypatch
):
    network.after = [fault(ErrorKind.UNKNOWN)] * 3
    workers = Workers(runtime, clock, begin(runtime, ready(runtime, service, people=3)))
    workers.slice()
    workers.clock.pass_time(timedelta(minutes=10))
    taken: list[int] = []

    def find_sent(*_given: object) -> NotSent:
        workers.clock.pass_time(timedelta(seconds=60))
        with workers.worker() as another:
            taken.extend(sending.due(another))
        return NotSent()

    monkeypatch.setattr("tests.support.fakes._Parts.find_sent", find_sent)
    with workers.worker() as first:
        assert sending.due(first) == [workers.delivery_id]

    workers.slice()

    assert taken == []
