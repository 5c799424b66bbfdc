"""A thread takes a turn of each limit for each part, and one place in its wave."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, select

from channels import Accepts, ErrorKind, Feature, Limit, Operation, Scope
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, saying
from tests.support.factories import make_delivery, make_subscriptions
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.deliveries import analysis, sending
from webapp.deliveries.analysis import forecast, rules
from webapp.deliveries.costs import inbox_cost
from webapp.deliveries.models import Delivery, Message
from webapp.deliveries.queries.overview import overview
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

QUARTER = timedelta(seconds=900)
DAY = timedelta(days=1)
TWO = ["Hi, spring is here.", "{opt_out_line}"]


@pytest.fixture(autouse=True)
def _takes_threads(network: FakeNetwork) -> None:
    network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY})


def to_people(runtime: Runtime, service: Service, people: int, texts=TWO, **more) -> Delivery:
    make_subscriptions(runtime, service, people)
    draft = saying(runtime, make_delivery(runtime, service, **more), texts)
    analysis.start(runtime, draft.id)
    return analysis.analyse(runtime, draft.id)


def foretold(runtime: Runtime, delivery: Delivery) -> forecast.Forecast:
    found = rules.gather(runtime, delivery).forecast
    assert found
    return found


def test_a_window_has_room_for_whole_threads_only(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits = [direct_limit(5)]
    delivery = to_people(runtime, service, 4)

    found = foretold(runtime, delivery)

    assert found.ends_at - found.starts_at == QUARTER
    assert (5, 0) in [(line.allows, line.used) for line in found.limits]


def test_a_wave_counts_messages_however_many_parts_they_have(runtime: Runtime, service: Service):
    delivery = to_people(runtime, service, 4, wave_size=2)

    found = foretold(runtime, delivery)

    assert found.ends_at - found.starts_at == DAY
    assert 2 in [line.allows for line in found.limits]


def test_threads_that_go_out_first_take_their_parts_of_the_limits(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits = [direct_limit(4)]
    begin(runtime, to_people(runtime, service, 2))

    one = to_people(runtime, service, 0, ["Come in. {opt_out_line}"])
    two = to_people(runtime, service, 0, ["Come in again.", "{opt_out_line}"])

    found = [foretold(runtime, item) for item in (one, two)]
    assert [item.ahead for item in found] == [2, 2]
    assert [item.ends_at - item.starts_at for item in found] == [QUARTER, QUARTER]


def test_on_its_way_the_end_and_the_rate_are_those_of_whole_threads(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits = [direct_limit(5)]
    delivery = begin(runtime, to_people(runtime, service, 4))

    seen = overview(runtime, delivery)

    assert seen.progress.ends_at - runtime.now() == QUARTER
    assert seen.progress.rate == 8
    assert (5, 0) in [(limit.cap, limit.used) for limit in seen.limits]


def test_a_thread_of_which_a_part_is_out_keeps_its_place_in_the_wave(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    delivery = begin(runtime, to_people(runtime, service, 2, wave_size=1))
    network.before = [None, fault(ErrorKind.TEMPORARY)]

    sending.send_batch(runtime, delivery.id)
    first = list(network.directs)
    clock.advance(timedelta(hours=2))
    sending.send_batch(runtime, delivery.id)

    assert len(first) == 1
    assert len(network.directs) == 2
    assert len({person for person, _text in network.directs}) == 1


def test_every_part_is_listed_in_the_inbox_and_charged(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    inbox = direct_price("0.010")
    network.prices = [type(inbox)(operation=Operation.INBOX, amount=inbox.amount, label="Read")]
    begun = runtime.now() - timedelta(hours=1)
    delivery = to_people(runtime, service, 3)
    network.before = [None, None, None, fault(ErrorKind.TEMPORARY)]

    foreseen = rules.gather(runtime, delivery).listens
    sending.send_batch(runtime, begin(runtime, delivery).id)

    counted = select(
        inbox_cost.since_read(bindparam("service"), bindparam("mark", begun)).scalar_subquery()
    )
    assert foreseen == Decimal("0.06")
    states = runtime.session.query(Message.parts_sent).order_by(Message.parts_sent).all()
    assert [row[0] for row in states] == [1, 2, 2]
    assert runtime.session.scalar(counted, {"service": service.id}) == 5


def test_a_limit_too_small_for_a_thread_never_lets_one_out(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    limit = Limit(operation=Operation.DIRECT, scope=Scope.ACCOUNT, seconds=900, cap=1)
    network.limits = [limit]

    delivery = to_people(runtime, service, 1)

    assert "thread_too_long" in [item["code"] for item in delivery.analysis["findings"]]
