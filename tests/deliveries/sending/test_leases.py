"""A job sends under a lease of its own, and one that comes too late sends and changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import true, update

from channels.clock import FileClock
from tests.support.deliveries import begin, ready, states
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, control, sending
from webapp.deliveries.models import Delivery, DeliveryState, Held
from webapp.deliveries.sending import outcomes
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices


@pytest.fixture
def delivery(runtime: Runtime, service) -> Delivery:
    return begin(runtime, ready(runtime, service, people=2))


def another_takes(runtime: Runtime, delivery: Delivery) -> None:
    runtime.session.execute(update(Delivery).values(leased_until=None))
    assert leases.take(runtime, Delivery, delivery.id, "another", true())


def test_a_stale_job_sends_nothing_beside_the_living_worker(
    runtime: Runtime, network: FakeNetwork, delivery: Delivery
):
    another_takes(runtime, delivery)
    runtime.session.refresh(delivery)
    until = delivery.leased_until

    sending.send_batch(runtime, delivery.id, "stale")

    runtime.session.refresh(delivery)
    assert network.directs == []
    assert (delivery.lease_token, delivery.leased_until) == ("another", until)


def test_a_stale_job_sends_nothing_of_what_waits_for_a_time(
    runtime: Runtime, network: FakeNetwork, delivery: Delivery
):
    outcomes.wait(
        runtime, delivery, runtime.now() + timedelta(hours=1), notices.of("A limit."), Held.LIMIT
    )

    sending.send_batch(runtime, delivery.id, "stale")

    runtime.session.refresh(delivery)
    assert (network.directs, delivery.lease_token) == ([], "")


def test_a_worker_that_was_overtaken_neither_holds_nor_delays_nor_hands_back(
    runtime: Runtime, network: FakeNetwork, delivery: Delivery, monkeypatch
):
    def overtaken(held_up: Runtime, *_given: object) -> str:
        another_takes(runtime, delivery)
        raise KeyError("a bug")

    monkeypatch.setattr("webapp.deliveries.costs.wave_limit.full_until", overtaken)
    resume_at = delivery.resume_at

    sending.send_batch(runtime, delivery.id, "held up")

    runtime.session.refresh(delivery)
    assert (delivery.state, delivery.wait_code) == (DeliveryState.SENDING, "")
    assert (delivery.resume_at, delivery.lease_token) == (resume_at, "another")


@pytest.mark.parametrize("act", [control.pause, control.stop])
def test_a_wait_does_not_overwrite_what_an_operator_did_meanwhile(
    runtime: Runtime, delivery: Delivery, act
):
    act(runtime, delivery.id)
    before = (delivery.state, delivery.wait_reason, delivery.wait_code)

    outcomes.wait(
        runtime, delivery, runtime.now() + timedelta(hours=1), notices.of("A limit."), Held.LIMIT
    )

    runtime.session.refresh(delivery)
    assert (delivery.state, delivery.wait_reason, delivery.wait_code) == before


def test_an_analysis_that_another_worker_took_over_keeps_nothing(
    runtime: Runtime, draft: Delivery, monkeypatch
):
    outcome = analysis.outcome
    analysis.start(runtime, draft.id)

    def overtaken(runtime: Runtime, delivery: Delivery) -> dict:
        found = outcome(runtime, delivery)
        runtime.session.rollback()
        another_takes(runtime, delivery)
        return found

    monkeypatch.setattr(analysis, "outcome", overtaken)

    analysis.analyse(runtime, draft.id, "held up")

    runtime.session.refresh(draft)
    assert (draft.state, draft.lease_token) == (DeliveryState.ANALYSING, "another")
    assert draft.analysed_at is None


def test_a_worker_that_ends_leaves_the_delivery_free(runtime: Runtime, delivery: Delivery):
    sending.send_batch(runtime, delivery.id, "mine")

    runtime.session.refresh(delivery)
    assert (delivery.lease_token, delivery.leased_until) == ("", None)
    assert states(runtime, delivery) == ["sent", "sent"]


def test_business_time_ends_no_lease(runtime: Runtime, delivery: Delivery, clock: FileClock):
    clock.advance(timedelta(days=2))
    assert leases.take(runtime, Delivery, delivery.id, "mine", true())

    clock.advance(timedelta(days=2))

    assert sending.due(runtime) == []
