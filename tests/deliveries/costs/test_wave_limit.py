"""A wave is never larger than it should be, whoever works on it and whatever is unknown."""

from datetime import timedelta

import pytest

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, ready
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime


@pytest.fixture
def workers(runtime: Runtime, network: FakeNetwork, clock: FileClock, service) -> Workers:
    return Workers(runtime, clock, begin(runtime, ready(runtime, service, people=4, wave_size=2)))


def test_a_job_that_waited_longer_than_its_lease_brings_a_second_worker(workers: Workers):
    with workers.worker() as runtime:
        first = sending.due(runtime)
        workers.clock.pass_time(timedelta(minutes=2))
        second = sending.due(runtime)

    assert first == second == [workers.delivery_id]


@pytest.mark.parametrize("at", range(1, 30))
def test_two_workers_at_once_let_no_more_out_than_the_wave_holds(
    workers: Workers, network: FakeNetwork, at: int
):
    workers.slice(at=at, happens=workers.help)

    assert len(network.directs) <= 2


def test_a_message_whose_call_is_under_way_takes_part_in_the_wave(
    workers: Workers, network: FakeNetwork
):
    network.before = [None, workers.help]

    workers.slice()

    assert len(network.directs) == 2


def test_a_message_nobody_knows_the_outcome_of_takes_part_in_the_wave(
    workers: Workers, network: FakeNetwork
):
    network.after = [fault(ErrorKind.UNKNOWN)]

    workers.slice()

    assert sorted(workers.states()) == ["pending", "pending", "sent", "unknown"]
    assert "under way" in wait_reason(workers)


def test_a_message_that_was_not_sent_after_all_leaves_its_turn_to_another(
    workers: Workers, network: FakeNetwork
):
    network.before = [fault(ErrorKind.UNKNOWN)]
    workers.slice()

    workers.clock.pass_time(timedelta(minutes=10))
    workers.slice()

    assert len(network.directs) == 2
    assert "has gone out" in wait_reason(workers)


def test_every_wave_goes_out_in_the_end(workers: Workers, network: FakeNetwork):
    workers.slice()

    workers.clock.pass_time(timedelta(days=1))
    workers.finish()

    assert workers.states() == ["sent"] * 4


def wait_reason(workers: Workers) -> str:
    with workers.worker() as runtime:
        return runtime.session.get_one(Delivery, workers.delivery_id).wait_reason
