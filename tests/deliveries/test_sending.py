from datetime import timedelta
from decimal import Decimal

import pytest

from channels import ChannelError, ErrorKind, NotSent, Sent
from channels.clock import FileClock
from tests.factories import make_delivery, make_service, make_subscription
from tests.fakes import FakeNetwork, direct_limit, direct_price
from webapp.audience import consent
from webapp.audience.models import Subscription
from webapp.deliveries import analysis, confirm, control, sending
from webapp.deliveries.models import (
    Attempt,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
    MessageState,
)
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service, ServiceState


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


def ready(runtime: Runtime, service: Service, people: int = 3, **changes) -> Delivery:
    for _number in range(people):
        make_subscription(runtime, service)
    delivery = make_delivery(runtime, service, **changes)
    analysis.start(runtime, delivery.id)
    return analysis.analyse(runtime, delivery.id)


def begin(runtime: Runtime, delivery: Delivery) -> Delivery:
    codes = [item["code"] for item in analysis.warnings(delivery)]
    return confirm.confirm(runtime, delivery.id, codes)


def sent(runtime: Runtime, service: Service, people: int = 3, **changes) -> Delivery:
    delivery = begin(runtime, ready(runtime, service, people, **changes))
    sending.send_slice(runtime, delivery.id)
    return delivery


def states(runtime: Runtime, delivery: Delivery) -> list[str]:
    runtime.session.expire_all()
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id).order_by(Message.id)
    return [row.state.value for row in rows]


def fault(kind: ErrorKind, code: str = "refused", **more) -> ChannelError:
    return ChannelError("The network minds.", kind=kind, code=code, **more)


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

    sending.send_slice(runtime, delivery.id)

    assert network.posts == ["Spring is here."] * 2


def test_a_slice_that_runs_again_sends_nothing_again(
    runtime: Runtime, network: FakeNetwork, service
):
    delivery = sent(runtime, service)

    sending.send_slice(runtime, delivery.id)

    assert len(network.directs) == 3


def test_a_spent_limit_holds_the_delivery_until_the_window_resets(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = [direct_limit(2)]
    delivery = sent(runtime, service)

    assert states(runtime, delivery) == ["sent", "sent", "pending"]
    assert delivery.resume_at == runtime.now() + timedelta(minutes=15)
    assert "2 per 15 min" in delivery.held_by

    clock.advance(timedelta(minutes=15))
    sending.send_slice(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"] * 3


def test_the_operators_own_cap_holds_until_midnight_of_the_instance(
    runtime: Runtime, network: FakeNetwork
):
    service = make_service(runtime, daily_cap=1)

    delivery = sent(runtime, service)

    assert states(runtime, delivery).count("sent") == 1
    assert delivery.resume_at.isoformat() == "2026-11-23T23:00:00+00:00"


def test_a_429_gives_the_turn_back_and_counts_against_nobody(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(15)]
    until = runtime.now() + timedelta(minutes=7)
    network.before = [fault(ErrorKind.LIMITED, retry_at=until)]

    delivery = sent(runtime, service)

    message = runtime.session.query(Message).order_by(Message.id).first()
    assert states(runtime, delivery) == ["pending"] * 3
    assert message.tries == 0
    assert delivery.resume_at == until


def test_a_refusal_by_the_person_fails_and_quarantines_only_that_person(
    runtime: Runtime, network: FakeNetwork, service
):
    network.before = [fault(ErrorKind.PERMANENT, "not_permitted"), None, None]

    delivery = sent(runtime, service)

    assert states(runtime, delivery) == ["failed", "sent", "sent"]
    held = runtime.session.query(Subscription).filter(Subscription.quarantined_at.is_not(None))
    assert held.one().quarantine_reason == "not_permitted"


def test_five_refusals_of_the_content_in_a_row_hold_the_delivery(
    runtime: Runtime, network: FakeNetwork, service
):
    network.before = [fault(ErrorKind.PERMANENT, "refused")] * 9

    delivery = sent(runtime, service, people=9)

    assert states(runtime, delivery).count("failed") == 5
    assert delivery.state is DeliveryState.PAUSED
    assert "in a row" in delivery.held_by


def test_a_fault_of_the_account_pauses_the_delivery_and_marks_the_service(
    runtime: Runtime, network: FakeNetwork, service
):
    network.before = [fault(ErrorKind.SENDER, "no_credits")]

    delivery = sent(runtime, service)

    assert delivery.state is DeliveryState.PAUSED
    assert states(runtime, delivery) == ["pending"] * 3
    assert service.state is ServiceState.NEEDS_FIXING


def test_a_stumble_is_tried_again_an_hour_later(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.before = [fault(ErrorKind.TEMPORARY, "stumbled")]
    delivery = sent(runtime, service)

    assert states(runtime, delivery) == ["pending", "sent", "sent"]
    assert delivery.state is DeliveryState.RETRYING
    assert delivery.resume_at == runtime.now() + timedelta(hours=1)

    clock.advance(timedelta(hours=1))
    sending.send_slice(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"] * 3


@pytest.mark.parametrize("lost", [fault(ErrorKind.UNKNOWN, "no_answer"), RuntimeError("a bug")])
def test_a_lost_answer_is_settled_by_asking_and_never_sent_twice(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, lost
):
    network.after = [lost]
    delivery = sent(runtime, service, people=1)
    assert states(runtime, delivery) == ["unknown"]

    clock.advance(timedelta(minutes=3))
    sending.send_slice(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    assert len(network.directs) == 1
    assert delivery.state is DeliveryState.FINISHED


def test_what_the_network_never_took_is_sent_after_asking(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.before = [fault(ErrorKind.UNKNOWN, "no_answer")]
    delivery = sent(runtime, service, people=1)
    assert states(runtime, delivery) == ["unknown"]

    clock.advance(timedelta(minutes=3))
    sending.send_slice(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    assert len(network.directs) == 1
    assert len(network.asked) == 1


def die(runtime: Runtime):
    def now() -> None:
        raise SystemExit

    return now


def test_a_worker_that_died_during_the_call_leaves_an_unknown_outcome(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    delivery = begin(runtime, ready(runtime, service, people=1))
    network.before = [die(runtime)]
    with pytest.raises(SystemExit):
        sending.send_slice(runtime, delivery.id)
    runtime.session.rollback()
    runtime.session.query(Message).update({"leased_until": runtime.clock.system()})
    runtime.session.commit()

    sending.send_slice(runtime, delivery.id)
    assert states(runtime, delivery) == ["unknown"]
    clock.advance(timedelta(minutes=3))
    sending.send_slice(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    assert len(network.directs) == 1
    assert [item.outcome.value for item in runtime.session.query(Attempt)] == ["not_sent", "sent"]


def test_stop_written_after_the_analysis_leaves_the_person_out(
    runtime: Runtime, network: FakeNetwork, service
):
    delivery = begin(runtime, ready(runtime, service))
    first = runtime.session.query(Subscription).order_by(Subscription.id).first()
    consent.record_stop(runtime, first.id)

    sending.send_slice(runtime, delivery.id)

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
    sending.send_slice(runtime, delivery.id)
    assert network.directs == []

    control.resume(runtime, delivery.id)
    sending.send_slice(runtime, delivery.id)

    assert len(network.directs) == 3


def test_what_is_left_when_the_validity_ends_is_cancelled(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = [direct_limit(1)]
    delivery = sent(runtime, service)
    clock.advance(timedelta(days=6))

    sending.send_slice(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "cancelled", "cancelled"]
    assert delivery.state is DeliveryState.FINISHED


def test_a_delivery_pauses_before_the_budget_is_passed(runtime: Runtime, network: FakeNetwork):
    service = make_service(runtime, monthly_budget=Decimal("0.04"))
    network.prices = [direct_price("0.015")]

    delivery = sent(runtime, service)

    assert states(runtime, delivery).count("sent") == 2
    assert delivery.state is DeliveryState.PAUSED
    assert str(costs.spent_this_month(runtime, service)) == "0.0300"


def test_a_delivery_that_missed_its_time_asks_what_to_do(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    at = runtime.now() + timedelta(hours=1)
    delivery = begin(runtime, ready(runtime, service, scheduled_at=at))
    assert delivery.state is DeliveryState.SCHEDULED
    clock.advance(timedelta(hours=3))

    sending.send_slice(runtime, delivery.id)
    assert delivery.state is DeliveryState.PAUSED

    control.resume(runtime, delivery.id)
    sending.send_slice(runtime, delivery.id)
    assert len(network.directs) == 3


def test_waves_let_only_their_size_out_each_day(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    delivery = sent(runtime, service, wave_size=2)
    assert len(network.directs) == 2

    clock.advance(timedelta(days=1))
    sending.send_slice(runtime, delivery.id)

    assert len(network.directs) == 3


def test_the_scheduler_claims_a_delivery_for_one_worker_at_a_time(
    runtime: Runtime, network: FakeNetwork, service
):
    delivery = begin(runtime, ready(runtime, service))

    assert sending.claim_due(runtime) == [delivery.id]
    assert sending.claim_due(runtime) == []


def test_an_answer_that_says_sent_wins_however_late_it_comes(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.after = [fault(ErrorKind.UNKNOWN)]
    network.answer = Sent(remote_id="late")
    delivery = sent(runtime, service, people=1)
    clock.advance(timedelta(minutes=3))

    sending.send_slice(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    message = runtime.session.query(Message).one()
    assert message.remote_id == "late"
    assert message.state is MessageState.SENT
    assert network.answer != NotSent()
