"""A worker that dies or is held up at any commit costs nobody a message, and nobody gets two."""

from datetime import timedelta

import pytest

from channels import ErrorKind, Sent
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, ready
from tests.support.fakes import FakeNetwork
from webapp.deliveries import control, sending
from webapp.deliveries.models import Delivery
from webapp.kernel import leases
from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime

# All that a slice of two messages has. On a server each attempt waits for the disk by one more.
NUMBER = {"sqlite": 16, "postgresql": 18}
COMMITS = range(1, max(NUMBER.values()) + 1)


@pytest.fixture
def workers(runtime: Runtime, network: FakeNetwork, clock: FileClock, service) -> Workers:
    return Workers(runtime, clock, begin(runtime, ready(runtime, service, people=2)))


def test_every_commit_of_a_slice_is_tried(runtime: Runtime, workers: Workers):
    assert workers.slice() == NUMBER[dialect_of(runtime.session)]


@pytest.mark.parametrize("at", COMMITS)
def test_a_crash_after_any_commit_loses_nothing(workers: Workers, network: FakeNetwork, at: int):
    workers.slice(at=at, happens=workers.crash)

    workers.others_finish()

    assert workers.states() == ["sent"] * 2
    assert len(set(network.directs)) == len(network.directs) == 2


@pytest.mark.parametrize("at", COMMITS)
def test_a_worker_held_up_after_any_commit_sends_nothing_again(
    workers: Workers, network: FakeNetwork, at: int
):
    workers.slice(at=at, happens=workers.others_finish)

    workers.finish()
    assert workers.states() == ["sent"] * 2
    assert len(set(network.directs)) == len(network.directs) == 2


def test_a_worker_whose_lease_another_took_ends_and_leaves_it_alone(
    workers: Workers, network: FakeNetwork
):
    def taken_over() -> None:
        network.before = []
        workers.clock.pass_time(timedelta(minutes=10))
        with workers.worker() as another:
            due = sending.is_due(another)
            assert leases.take(another, Delivery, workers.delivery_id, "another", due)

    network.before = [taken_over]
    workers.slice()

    assert len(network.directs) == 1
    with workers.worker() as another:
        assert sending.due(another) == []


@pytest.mark.parametrize("kind", [*ErrorKind])
def test_a_late_failure_of_a_worker_that_was_overtaken_changes_nothing(
    workers: Workers, network: FakeNetwork, kind: ErrorKind
):
    def overtaken() -> None:
        workers.others_finish()
        raise fault(kind, "late")

    network.before = [overtaken]
    workers.slice()

    workers.finish()
    assert workers.states() == ["sent"] * 2
    assert len(network.directs) == 2
    assert workers.outcomes() == ["not_sent", "sent", "sent"]


def test_a_late_success_is_believed_whatever_was_thought_meanwhile(
    runtime: Runtime, workers: Workers, network: FakeNetwork
):
    def stopped() -> None:
        control.stop(runtime, workers.delivery_id)
        network.before = []
        workers.others_finish()

    network.before = [stopped]
    workers.slice()

    assert workers.states() == ["sent", "cancelled"]
    assert [message.remote_id for message in workers.messages()] == ["d0", None]


def test_what_was_under_way_when_a_delivery_was_stopped_is_found_out(
    runtime: Runtime, workers: Workers, network: FakeNetwork
):
    def stopped() -> None:
        control.stop(runtime, workers.delivery_id)
        workers.crash()

    network.before = [stopped]
    workers.slice()
    assert workers.states() == ["sending", "cancelled"]

    workers.others_finish()

    assert workers.states() == ["cancelled", "cancelled"]
    assert network.directs == []


def test_what_a_dead_worker_left_in_a_paused_delivery_is_found_out(
    runtime: Runtime, workers: Workers, network: FakeNetwork
):
    def paused() -> None:
        control.pause(runtime, workers.delivery_id)

    network.before = [paused]
    network.after = [fault(ErrorKind.UNKNOWN)]
    network.answer = Sent(remote_id="found")
    workers.slice()

    workers.clock.pass_time(timedelta(minutes=10))
    workers.slice()

    assert workers.states() == ["sent", "pending"]
    assert runtime.session.get_one(Delivery, workers.delivery_id).state == "paused"


def test_a_plugin_that_fails_when_asked_keeps_nobody_else_waiting(
    workers: Workers, network: FakeNetwork, monkeypatch
):
    network.after = [fault(ErrorKind.UNKNOWN), fault(ErrorKind.UNKNOWN)]
    workers.slice()
    network.answer = Sent(remote_id="one of two")
    workers.clock.pass_time(timedelta(minutes=10))
    monkeypatch.setattr("tests.support.fakes._Parts.find_sent", lambda *_: {}["missing"])

    workers.slice()

    assert workers.states() == ["unknown"] * 2
