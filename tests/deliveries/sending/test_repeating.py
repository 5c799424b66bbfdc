"""Where a network honours keys, an unknown outcome is settled by the same key, and only there."""

from datetime import timedelta

import pytest

from channels import Accepts, ErrorKind, Limit, Operation, Scope
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.factories import make_subscription
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.audience.models import Subscription
from webapp.deliveries import control, kinds, sending
from webapp.deliveries.models import Attempt, Delivery, DeliveryKind, Message
from webapp.kernel.runtime import Runtime

LOST = ErrorKind.UNKNOWN
LATER = timedelta(minutes=5)
COMMITS = range(1, 22)


@pytest.fixture
def honours(network: FakeNetwork) -> FakeNetwork:
    network.accepts = Accepts(honours_key=True)
    return network


def settle(runtime: Runtime, clock: FileClock, delivery: Delivery, by: timedelta = LATER) -> None:
    clock.advance(by)
    sending.send_batch(runtime, delivery.id)


def test_every_message_has_a_key_of_its_own(runtime: Runtime, network: FakeNetwork, service):
    delivery = sent(runtime, service, people=3)

    keys = [row.key for row in runtime.session.query(Message).filter_by(delivery_id=delivery.id)]
    assert sorted(network.keys) == sorted(keys)
    assert len(set(keys)) == 3
    assert all(len(key) == 32 for key in keys)


def test_every_try_of_a_message_has_the_same_key(
    runtime: Runtime, network: FakeNetwork, service, clock: FileClock
):
    network.before = [fault(ErrorKind.TEMPORARY), fault(ErrorKind.TEMPORARY)]
    delivery = sent(runtime, service, people=1)
    for _try in range(2):
        settle(runtime, clock, delivery, timedelta(hours=2))

    assert states(runtime, delivery) == ["sent"]
    message = runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()
    first = runtime.session.query(Attempt).filter_by(message_id=message.id, number=1).one()
    assert message.key_made_at == first.started_at
    assert message.tries == 3


@pytest.mark.parametrize("kind", kinds.EVERY)
def test_a_lost_answer_is_settled_by_the_same_key_without_a_second_thing(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock, kind: DeliveryKind
):
    honours.after = [fault(LOST)]
    delivery = sent(runtime, service, people=int(kind is DeliveryKind.DIRECT), kind=kind)
    assert states(runtime, delivery) == ["unknown"]

    settle(runtime, clock, delivery)

    assert states(runtime, delivery) == ["sent"]
    assert len(honours.posts) + len(honours.directs) == 1
    assert honours.asked == []
    assert len(set(honours.keys)) == 1
    assert len(honours.keys) == 2


def test_what_never_arrived_arrives_by_its_key(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock
):
    honours.before = [fault(LOST)]
    delivery = sent(runtime, service, people=1)

    settle(runtime, clock, delivery)

    assert states(runtime, delivery) == ["sent"]
    assert len(honours.directs) == 1


def test_a_network_that_honours_no_key_is_asked(
    runtime: Runtime, network: FakeNetwork, service, clock: FileClock
):
    network.after = [fault(LOST)]
    delivery = sent(runtime, service, people=1)

    settle(runtime, clock, delivery)

    assert len(network.keys) == 1
    assert len(network.asked) == 1


def test_a_key_that_was_not_honoured_when_it_was_sent_is_never_sent_again(
    runtime: Runtime, network: FakeNetwork, service, clock: FileClock
):
    network.after = [fault(LOST)]
    delivery = sent(runtime, service, people=1)

    network.accepts = Accepts(honours_key=True)
    settle(runtime, clock, delivery)

    assert len(network.directs) == len(network.keys) == 1
    assert len(network.asked) == 1


def test_whoever_wrote_stop_meanwhile_is_not_sent_it_again(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock
):
    honours.before = [fault(LOST)]
    delivery = sent(runtime, service, people=1)
    runtime.session.query(Subscription).one().opted_out_at = runtime.now()
    runtime.session.commit()

    settle(runtime, clock, delivery)

    assert honours.directs == []
    assert len(honours.keys) == len(honours.asked) == 1


def test_what_was_stopped_is_not_sent_again(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock
):
    honours.before = [fault(LOST)]
    delivery = sent(runtime, service, people=1)
    control.stop(runtime, delivery.id)

    settle(runtime, clock, delivery)

    assert honours.directs == []
    assert len(honours.keys) == 1


def test_a_refusal_of_the_second_try_says_nothing_of_the_first(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock
):
    honours.after = [fault(LOST)]
    delivery = sent(runtime, service, people=1)
    honours.before = [fault(ErrorKind.TEMPORARY), fault(ErrorKind.PERMANENT)]

    settle(runtime, clock, delivery)
    assert states(runtime, delivery) == ["unknown"]
    settle(runtime, clock, delivery, timedelta(hours=2))
    assert states(runtime, delivery) == ["unknown"]
    assert honours.asked == []
    settle(runtime, clock, delivery, timedelta(hours=2))

    assert states(runtime, delivery) == ["sent"]
    assert len(honours.asked) == 1
    assert len(honours.directs) == 1


def test_the_second_try_takes_its_turn_from_the_limits(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock
):
    honours.limits = [direct_limit(1, seconds=3_600)]
    honours.after = [fault(LOST)]
    delivery = sent(runtime, service, people=1)

    settle(runtime, clock, delivery)
    assert len(honours.keys) == 1
    settle(runtime, clock, delivery, timedelta(hours=1))

    assert states(runtime, delivery) == ["sent"]


def test_asking_takes_no_turn_of_sending(
    runtime: Runtime, network: FakeNetwork, service, clock: FileClock
):
    looking = Limit(operation=Operation.FIND, scope=Scope.ACCOUNT, seconds=900, cap=5)
    network.limits = [direct_limit(1, seconds=36_000), looking]
    network.after = [fault(LOST)]
    delivery = sent(runtime, service, people=1)

    settle(runtime, clock, delivery)

    assert states(runtime, delivery) == ["sent"]


@pytest.mark.parametrize("at", COMMITS)
def test_a_crash_at_any_commit_of_the_second_try_makes_no_second_thing(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock, at: int
):
    make_subscription(runtime, service)
    honours.after = [fault(LOST), fault(LOST)]
    workers = Workers(runtime, clock, begin(runtime, ready(runtime, service, people=1)))
    workers.slice()
    workers.clock.pass_time(LATER)

    workers.slice(at=at, happens=workers.crash)
    workers.others_finish()

    assert workers.states() == ["sent"] * 2
    assert len(set(honours.directs)) == len(honours.directs) == 2


def test_a_refusal_by_key_leaves_the_question_what_came_of_the_try_before(
    runtime: Runtime, honours: FakeNetwork, service, clock: FileClock
):
    """The first try never arrived, which the network says once no key is sent any more."""
    honours.before = [fault(LOST), fault(ErrorKind.PERMANENT)]
    delivery = sent(runtime, service, people=1)
    settle(runtime, clock, delivery)
    assert states(runtime, delivery) == ["unknown"]

    for _slice in range(3):
        settle(runtime, clock, delivery, timedelta(hours=2))

    assert states(runtime, delivery) == ["sent"]
    assert len(honours.asked) == 1
    assert len(honours.directs) == 1
