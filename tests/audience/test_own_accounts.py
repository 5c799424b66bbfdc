"""The house's own accounts are nobody's visitors, also where their rows are older."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from channels import Operation, Price
from channels.clock import FileClock
from tests.support.deliveries import begin, ready, states
from tests.support.factories import make_service, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork, wrote
from webapp.audience import daily
from webapp.audience.growth import growth
from webapp.audience.inbox import reader
from webapp.audience.models import ReceivedMessage, Subscription
from webapp.audience.visitors import people
from webapp.deliveries import sending
from webapp.deliveries.models import Message
from webapp.kernel.runtime import Runtime
from webapp.services import costs


def test_an_account_connected_later_is_no_longer_listed_or_counted(runtime: Runtime):
    service = make_service(runtime)
    person, shop = make_visitor(runtime), make_visitor(runtime, remote_id="shop")
    for who in (person, shop):
        make_subscription(runtime, service, who)
    assert growth(runtime).now == people.count(runtime, people.Query()) == 2

    mine = make_service(runtime, remote_id="shop", is_test=True)

    found = people.search(runtime, people.Query())
    assert [line.visitor.id for line in found.lines] == [person.id]
    assert people.count(runtime, people.Query()) == 1
    # The number of followers is that of the last reading.
    daily.read_to_end(runtime, service, 0)
    assert growth(runtime, service).now == growth(runtime).now == 1

    mine.removed_at = runtime.now()
    assert people.count(runtime, people.Query()) == 2


def test_an_account_of_another_channel_with_that_id_stays_a_visitor(runtime: Runtime):
    service = make_service(runtime)
    make_subscription(runtime, service, make_visitor(runtime, remote_id="shop"))
    make_service(runtime, kind="other", remote_id="shop")

    assert people.count(runtime, people.Query()) == 1


def test_what_an_own_account_writes_is_paid_for_once_a_day(
    runtime: Runtime, network: FakeNetwork, clock: FileClock
):
    service = make_service(runtime, inbox_read_at=None)
    make_service(runtime, remote_id="r1", is_test=True)
    price = Price(operation=Operation.INBOX, amount=Decimal("0.01"), label="Read", once_a_day=True)
    network.prices = [price]
    at = runtime.now()
    network.inbound = [wrote(1, "Hello", at), wrote(2, "Hello", at - timedelta(minutes=1))]

    for _reading in range(3):
        reader.read_new(runtime, service)
        clock.advance(timedelta(minutes=20))
    assert costs.spent_this_month(runtime, service) == Decimal("0.02")

    clock.advance(timedelta(days=1))
    reader.read_new(runtime, service)
    assert costs.spent_this_month(runtime, service) == Decimal("0.04")


def test_what_an_own_account_writes_is_no_message_of_a_person(
    runtime: Runtime, network: FakeNetwork
):
    service = make_service(runtime, inbox_read_at=None)
    make_service(runtime, remote_id="r1", is_test=True)
    at = runtime.now()
    network.inbound = [wrote(1, "Hello", at), wrote(2, "Hello", at - timedelta(minutes=1))]

    assert reader.read_new(runtime, service).new == 1

    notes = runtime.session.scalars(select(ReceivedMessage.remote_id)).all()
    assert notes == [network.inbound[1].remote_id]
    rows = runtime.session.scalars(select(Subscription)).all()
    assert [row.visitor.remote_id for row in rows] == ["r2"]


def test_an_account_connected_after_confirming_is_written_to_no_more(
    runtime: Runtime, network: FakeNetwork
):
    delivery = begin(runtime, ready(runtime, make_service(runtime)))
    first = runtime.session.scalars(select(Message).order_by(Message.id)).first()
    make_service(runtime, remote_id=first.visitor.remote_id)

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["ignored", "sent", "sent"]
    assert first.reason == "own_account"
