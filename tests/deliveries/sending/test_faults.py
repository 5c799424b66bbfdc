from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from channels import ChannelError, ErrorKind, NotSent, Sent
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.factories import make_delivery, make_subscription
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.audience.models import Subscription
from webapp.deliveries import proofs, sending
from webapp.deliveries.models import (
    Attempt,
    Delivery,
    DeliveryState,
    Message,
    MessageState,
)
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota
from webapp.services.models import Service, ServiceState


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
    assert "in a row" in delivery.wait_reason


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
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"] * 3


@pytest.mark.parametrize(
    ("code", "counted"), [("unreachable", 0), ("stumbled", 0), ("full_inbox", 1)]
)
def test_only_what_is_the_persons_own_counts_towards_their_quarantine(
    runtime: Runtime, network: FakeNetwork, service, code, counted
):
    network.before = [fault(ErrorKind.TEMPORARY, code)]

    sent(runtime, service, people=1)

    assert runtime.session.query(Subscription).one().soft_failures == counted


@pytest.mark.parametrize("lost", [fault(ErrorKind.UNKNOWN, "no_answer"), RuntimeError("a bug")])
def test_a_lost_answer_is_settled_by_asking_and_never_sent_twice(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, lost
):
    network.after = [lost]
    delivery = sent(runtime, service, people=1)
    assert states(runtime, delivery) == ["unknown"]

    clock.advance(timedelta(minutes=3))
    sending.send_batch(runtime, delivery.id)

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
    sending.send_batch(runtime, delivery.id)

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
        sending.send_batch(runtime, delivery.id)
    runtime.session.rollback()
    for held in (Message, Delivery):
        runtime.session.query(held).update({"leased_until": runtime.clock.system()})
    runtime.session.commit()

    sending.send_batch(runtime, delivery.id)
    assert states(runtime, delivery) == ["unknown"]
    clock.advance(timedelta(minutes=3))
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    attempts = runtime.session.query(Attempt).order_by(Attempt.id)
    assert len(network.directs) == 1
    assert [item.outcome.value for item in attempts] == ["not_sent", "sent"]


def test_an_answer_that_says_sent_wins_however_late_it_comes(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.after = [fault(ErrorKind.UNKNOWN)]
    network.answer = Sent(remote_id="late")
    delivery = sent(runtime, service, people=1)
    clock.advance(timedelta(minutes=3))

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    message = runtime.session.query(Message).one()
    assert message.remote_id == "late"
    assert message.state is MessageState.SENT
    assert network.answer != NotSent()


def test_a_proof_that_is_refused_says_why_it_did_not_arrive(
    runtime: Runtime, network: FakeNetwork, service, proof_account
):
    make_subscription(runtime, service)
    delivery = make_delivery(runtime, service, proof_service_id=proof_account.id)
    proof = proofs.send_proof(runtime, delivery.id)
    held = runtime.session.query(Message).all()
    network.before = [fault(ErrorKind.PERMANENT, "not_permitted", said="No messages allowed.")]

    sending.send_batch(runtime, proof.id)

    assert held
    assert proofs.state_of(proof, delivery) == "failed"
    assert proof.wait_reason == "No messages allowed."


def cap_used(runtime: Runtime, service: Service) -> int:
    return quota.used_of_cap(runtime, service)


@pytest.mark.parametrize(
    ("refused", "counted"),
    [
        (fault(ErrorKind.LIMITED), 0),
        (fault(ErrorKind.SENDER), 0),
        (fault(ErrorKind.TEMPORARY), 0),
        (fault(ErrorKind.PERMANENT, "not_permitted"), 0),
        (fault(ErrorKind.UNKNOWN, "no_answer"), 1),
    ],
)
def test_only_what_may_have_gone_out_uses_up_the_own_cap(
    runtime: Runtime, network: FakeNetwork, service, refused: ChannelError, counted: int
):
    network.before = [refused]

    sent(runtime, service, people=1)

    assert cap_used(runtime, service) == counted


def test_what_turns_out_never_to_have_gone_out_is_given_back(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.before = [fault(ErrorKind.UNKNOWN, "no_answer"), fault(ErrorKind.TEMPORARY)]
    delivery = sent(runtime, service, people=1)
    clock.advance(timedelta(seconds=runtime.settings.reconcile_after_seconds))

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["pending"]
    assert cap_used(runtime, service) == 0


def test_a_far_reset_keeps_a_delivery_waiting_for_no_longer_than_its_window(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = [direct_limit(15), direct_limit(1_440, seconds=86_400)]
    far = datetime(2100, 1, 1, tzinfo=UTC)
    network.before = [fault(ErrorKind.LIMITED, retry_at=far)]

    delivery = sent(runtime, service)

    assert delivery.resume_at == runtime.now() + timedelta(minutes=15)


@pytest.mark.parametrize("kind", [ErrorKind.TEMPORARY, ErrorKind.LIMITED])
def test_a_far_time_to_ask_again_is_a_day_at_most(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, kind: ErrorKind
):
    far = datetime(2100, 1, 1, tzinfo=UTC)
    network.before = [fault(ErrorKind.UNKNOWN, "no_answer")]
    delivery = sent(runtime, service, people=1)
    network.answer = fault(kind, retry_at=far)
    clock.advance(timedelta(seconds=runtime.settings.reconcile_after_seconds))

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["unknown"]
    due = runtime.session.scalar(select(Message.due_at))
    assert due <= runtime.now() + timedelta(days=1)
