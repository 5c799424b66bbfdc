"""Several workers on one delivery: helpers send beside the one that leads, and outlive it."""

from datetime import timedelta

import pytest
from sqlalchemy import true

from channels import Limit, Operation, Scope
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, ready
from tests.support.fakes import FakeNetwork
from webapp.deliveries import control, sending
from webapp.deliveries.models import Delivery
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime

PEOPLE = 4
# All that a slice of the leader has.
COMMITS = range(1, 25)


@pytest.fixture
def workers(runtime: Runtime, network: FakeNetwork, clock: FileClock, service) -> Workers:
    return Workers(runtime, clock, begin(runtime, ready(runtime, service, people=PEOPLE)))


def all_once(workers: Workers, network: FakeNetwork) -> bool:
    return workers.states() == ["sent"] * PEOPLE and len({*network.directs}) == PEOPLE


def test_a_helper_sends_beside_the_leader_and_nobody_gets_two(
    workers: Workers, network: FakeNetwork
):
    network.before = [None, workers.help]

    workers.slice()

    assert all_once(workers, network)
    assert len(network.directs) == PEOPLE


@pytest.mark.parametrize("at", COMMITS)
def test_helpers_go_on_at_once_when_the_leader_dies_at_any_commit(
    workers: Workers, network: FakeNetwork, at: int
):
    workers.slice(at=at, happens=workers.crash)
    begun = workers.states().count("sending")

    with workers.worker() as runtime:
        led = [item for item, _token in sending.to_help(runtime)]
    workers.help()

    if led:
        assert workers.states().count("pending") == 0
        assert workers.states().count("sent") >= PEOPLE - begun
    workers.others_finish()
    assert all_once(workers, network)


@pytest.mark.parametrize("at", COMMITS)
def test_a_helper_that_dies_or_is_late_at_any_commit_costs_nobody_a_message(
    workers: Workers, network: FakeNetwork, at: int
):
    network.before = [lambda: workers.help(at=at, happens=workers.crash)]
    workers.slice()

    workers.others_finish()

    assert all_once(workers, network)


@pytest.mark.parametrize("act", [control.pause, control.stop])
def test_a_helper_sends_nothing_once_the_delivery_was_held(
    runtime: Runtime, workers: Workers, network: FakeNetwork, act
):
    def held() -> None:
        act(runtime, workers.delivery_id)
        workers.help()

    network.before = [held]
    workers.slice()

    assert len(network.directs) == 1


def test_a_helper_of_a_leader_that_leads_no_more_sends_nothing(
    runtime: Runtime, workers: Workers, network: FakeNetwork
):
    assert leases.take(runtime, Delivery, workers.delivery_id, "led", true())
    leases.free_of(runtime, Delivery, workers.delivery_id, "led")

    for token in ("led", ""):
        sending.help_out(runtime, workers.delivery_id, token)

    assert network.directs == []


def test_a_helper_waits_for_the_leader_to_hear_stop(workers: Workers, network: FakeNetwork):
    with workers.worker() as leader:
        assert leases.take(leader, Delivery, workers.delivery_id, "led", true())
    workers.clock.pass_time(timedelta(minutes=20))

    workers.help()

    assert network.directs == []


def test_leader_and_helper_take_no_more_than_a_limit_allows(workers: Workers, network: FakeNetwork):
    cap = {"operation": Operation.DIRECT, "scope": Scope.ACCOUNT, "seconds": 900, "cap": 3}
    network.limits = [Limit(**cap)]
    network.before = [workers.help]

    workers.slice()

    assert len(network.directs) == 3
    assert workers.states().count("pending") == 1


def test_a_helper_neither_renews_nor_ends_the_lease(workers: Workers, network: FakeNetwork):
    kept = []

    def helped() -> None:
        with workers.worker() as runtime:
            row = runtime.session.get_one(Delivery, workers.delivery_id)
            kept.append((row.lease_token, row.leased_until))

    network.before = [lambda: (helped(), workers.help(), helped())]
    workers.slice()

    assert len(kept) == 2
    assert kept[0] == kept[1]
