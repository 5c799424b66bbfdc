from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.factories import make_delivery, make_service, make_subscription
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.audience.consents import recording
from webapp.audience.models import Subscription
from webapp.deliveries import analysis, control, sending
from webapp.deliveries.counts import figures_of
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import (
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryState,
)
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime


def test_everybody_eligible_gets_the_message_once(runtime: Runtime, network: FakeNetwork, service):
    delivery = sent(runtime, service)

    assert states(runtime, delivery) == ["sent"] * 3
    assert len(set(network.directs)) == 3
    assert delivery.state is DeliveryState.FINISHED


def test_each_person_reads_their_own_name_and_how_to_stop(
    runtime: Runtime, network: FakeNetwork, service
):
    sent(runtime, service, people=1)

    assert "Hi Person, spring is here. Write STOP" in network.directs[0][1]


def test_a_post_goes_out_from_every_account(runtime: Runtime, network: FakeNetwork, service):
    other = make_service(runtime)
    delivery = make_delivery(runtime, service, other, kind=DeliveryKind.POST)
    analysis.start(runtime, delivery.id)
    begin(runtime, analysis.analyse(runtime, delivery.id))

    sending.send_batch(runtime, delivery.id)

    assert network.posts == ["Spring is here."] * 2


def test_a_slice_that_runs_again_sends_nothing_again(
    runtime: Runtime, network: FakeNetwork, service
):
    delivery = sent(runtime, service)

    sending.send_batch(runtime, delivery.id)

    assert len(network.directs) == 3


def test_a_spent_limit_holds_the_delivery_until_the_window_resets(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = [direct_limit(2)]
    delivery = sent(runtime, service)

    assert states(runtime, delivery) == ["sent", "sent", "pending"]
    assert delivery.resume_at == runtime.now() + timedelta(minutes=15)
    assert "2 per 15 min" in delivery.wait_reason

    clock.advance(timedelta(minutes=15))
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"] * 3


def test_the_operators_own_cap_holds_until_midnight_of_the_instance(
    runtime: Runtime, network: FakeNetwork
):
    service = make_service(runtime, daily_cap=1)

    delivery = sent(runtime, service)

    assert states(runtime, delivery).count("sent") == 1
    assert delivery.resume_at.isoformat() == "2026-11-23T23:00:00+00:00"


def test_stop_written_after_the_analysis_leaves_the_person_out(
    runtime: Runtime, network: FakeNetwork, service
):
    delivery = begin(runtime, ready(runtime, service))
    first = runtime.session.query(Subscription).order_by(Subscription.id).first()
    recording.record_stop(runtime, first.id)

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["ignored", "sent", "sent"]


def test_a_stopped_delivery_cancels_what_was_not_begun(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(1)]
    delivery = sent(runtime, service)

    control.stop(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "cancelled", "cancelled"]


def test_a_paused_delivery_goes_on_where_it_was(runtime: Runtime, network: FakeNetwork, service):
    delivery = begin(runtime, ready(runtime, service))
    control.pause(runtime, delivery.id)
    sending.send_batch(runtime, delivery.id)
    assert network.directs == []

    control.resume(runtime, delivery.id)
    sending.send_batch(runtime, delivery.id)

    assert len(network.directs) == 3


def test_what_is_left_when_the_validity_ends_is_cancelled(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = [direct_limit(1)]
    delivery = sent(runtime, service)
    clock.advance(timedelta(days=6))

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "cancelled", "cancelled"]
    assert delivery.state is DeliveryState.FINISHED


def test_a_delivery_that_missed_its_time_asks_what_to_do(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    at = runtime.now() + timedelta(hours=1)
    delivery = begin(runtime, ready(runtime, service, scheduled_at=at))
    assert delivery.state is DeliveryState.SCHEDULED
    clock.advance(timedelta(hours=3))

    sending.send_batch(runtime, delivery.id)
    assert delivery.state is DeliveryState.PAUSED

    control.resume(runtime, delivery.id)
    sending.send_batch(runtime, delivery.id)
    assert len(network.directs) == 3


def test_waves_let_only_their_size_out_each_day(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    delivery = sent(runtime, service, wave_size=2)
    assert len(network.directs) == 2

    clock.advance(timedelta(days=1))
    sending.send_batch(runtime, delivery.id)

    assert len(network.directs) == 3


def test_a_delivery_that_a_worker_has_in_hand_is_not_due(
    runtime: Runtime, network: FakeNetwork, service
):
    delivery = begin(runtime, ready(runtime, service))
    assert sending.due(runtime) == [delivery.id]
    assert leases.take(runtime, Delivery, delivery.id, "mine", sending.is_due(runtime))

    assert sending.due(runtime) == []


def test_a_delivery_keeps_what_its_messages_cost(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.prices = [direct_price("0.015")]
    network.before = [fault(ErrorKind.PERMANENT, "not_permitted")]
    network.after = [fault(ErrorKind.UNKNOWN)]
    delivery = sent(runtime, service, people=4)
    before = figures_of(runtime, [delivery.id])[delivery.id]

    clock.advance(timedelta(minutes=3))
    sending.send_batch(runtime, delivery.id)

    after = figures_of(runtime, [delivery.id])[delivery.id]
    charged = runtime.session.scalar(select(func.sum(Attempt.cost)))
    assert (before.counts["unknown"], str(before.cost)) == (1, "0.0300")
    assert (after.sent, str(after.cost)) == (3, "0.0450")
    assert Decimal(str(charged)) == after.cost


@pytest.mark.parametrize("act", [control.pause, control.stop])
def test_a_pause_or_stop_while_a_limit_is_looked_at_keeps_its_reason(
    runtime: Runtime, network: FakeNetwork, service, monkeypatch, act
):
    delivery = begin(runtime, ready(runtime, service))

    def spent(*_given: object) -> tuple[object, str]:
        act(runtime, delivery.id)
        return runtime.now() + timedelta(hours=1), "A limit."

    monkeypatch.setattr("webapp.deliveries.costs.wave_limit.full_until", spent)

    sending.send_batch(runtime, delivery.id)

    runtime.session.refresh(delivery)
    assert delivery.wait_reason in ("Paused by test.", "Stopped by test.")


def test_who_asked_for_nothing_and_left_meanwhile_gets_nothing(
    runtime: Runtime, network: FakeNetwork, service
):
    _stays, leaves = (make_subscription(runtime, service, wrote_first_at=None) for _ in range(2))
    draft = editing.accept_everyone(runtime, make_delivery(runtime, service).id)
    analysis.start(runtime, draft.id)
    delivery = begin(runtime, analysis.analyse(runtime, draft.id))
    leaves.ended_at = runtime.now()
    runtime.session.commit()

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "ignored"]
    assert len(network.directs) == 1
