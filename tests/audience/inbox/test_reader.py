from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from channels import Operation, Person, Price, Wish
from channels.clock import FileClock
from tests.support import fakes
from tests.support.factories import actions, answer, make_service, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork, wrote
from tests.support.sync import subscription
from webapp.audience import consent
from webapp.audience.consents import history
from webapp.audience.inbox import reader
from webapp.audience.models import ReceivedMessage, Subscription
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service

PRICE = Price(operation=Operation.INBOX, amount=Decimal("0.01"), label="Messages read")


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, inbox_read_at=None)


def gate(runtime: Runtime, row: Subscription) -> str:
    return consent.reason_not(row, row.visitor)


def test_who_writes_first_may_be_answered(runtime: Runtime, network: FakeNetwork, service):
    network.inbound = [wrote(1, "Do you ship to Vienna?", runtime.now())]

    assert reader.read_new(runtime, service).new == 1

    row = subscription(runtime, service, "r1")
    assert (row.wrote_first_at, row.followed_at) == (runtime.now(), None)
    assert row.visitor.origin == "inbox"
    assert gate(runtime, row) == ""


def test_stop_ends_consent_at_once_and_opting_in_again_gives_it_back(
    runtime: Runtime, network: FakeNetwork, service
):
    now = runtime.now()
    said = [("Hello", None), ("STOP", Wish.STOP), ("YES", Wish.OPT_IN)]
    found = []

    for number, (text, wish) in enumerate(said):
        at = now + timedelta(minutes=number)
        network.inbound.append(wrote(number, text, at, wish=wish, who=1))
        reader.read_new(runtime, service)
        row = subscription(runtime, service, "r1")
        found.append(gate(runtime, row))

    assert found == ["", "wrote_stop", ""]
    assert history.agreement(runtime, row).proof == "YES"
    assert row.wrote_first_at == now


def test_each_wish_is_written_down_once(runtime: Runtime, network: FakeNetwork, service):
    now = runtime.now()
    network.inbound = [
        wrote(1, "YES", now, wish=Wish.OPT_IN, who=1),
        wrote(2, "STOP", now + timedelta(hours=1), wish=Wish.STOP, who=1),
        wrote(3, "Hello", now, who=2),
    ]

    reader.read_new(runtime, service)
    reader.read_new(runtime, service)

    assert sorted(actions(runtime)) == ["subscription.hear_opt_in", "subscription.hear_stop"]


def test_stop_and_opting_in_read_together_count_by_when_they_were_written(
    runtime: Runtime, network: FakeNetwork, service
):
    now = runtime.now()
    network.inbound = [
        wrote(1, "STOP", now, wish=Wish.STOP, who=1),
        wrote(2, "YES", now - timedelta(hours=1), wish=Wish.OPT_IN, who=1),
    ]

    reader.read_new(runtime, service)

    assert gate(runtime, subscription(runtime, service, "r1")) == "wrote_stop"


def test_a_follower_who_writes_keeps_their_one_row(runtime: Runtime, network: FakeNetwork, service):
    visitor = make_visitor(runtime, remote_id="r1")
    make_subscription(runtime, service, visitor, wrote_first_at=None)
    network.inbound = [wrote(1, "Hello", runtime.now())]

    reader.read_new(runtime, service)

    assert runtime.session.scalar(select(func.count(Subscription.id))) == 1
    row = subscription(runtime, service, "r1")
    assert (row.followed_at, row.wrote_first_at) == (runtime.now(), runtime.now())


def test_who_is_closed_meanwhile_keeps_the_name_that_was_known(
    runtime: Runtime, network: FakeNetwork, service
):
    network.inbound = [wrote(1, "Hello", runtime.now())]
    reader.read_new(runtime, service)
    closed = Person(remote_id="r1", handle="r1", name="r1")
    network.inbound.append(replace(wrote(2, "One more", runtime.now()), person=closed))

    reader.read_new(runtime, service)

    visitor = subscription(runtime, service, "r1").visitor
    assert (visitor.handle, visitor.handle_key, visitor.name) == ("person1", "person1", "Person 1")


def test_every_page_is_read_once_and_later_only_what_is_new(
    runtime: Runtime, network: FakeNetwork, monkeypatch, service
):
    monkeypatch.setattr(fakes, "PAGE", 2)
    now = runtime.now()
    network.inbound = [wrote(n, "Hello", now - timedelta(minutes=n)) for n in range(5)]

    first, second = reader.read_new(runtime, service), reader.read_new(runtime, service)

    assert (first.new, second.new) == (5, 0)
    assert runtime.session.scalar(select(func.count(ReceivedMessage.id))) == 5
    assert service.inbox_read_to == now


@pytest.mark.parametrize(("minutes", "read"), [(14, 0), (15, 1)])
def test_an_inbox_read_lately_is_not_read_again(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, minutes: int, read: int
):
    reader.read_new(runtime, service)
    network.inbound = [wrote(1, "STOP", runtime.now(), wish=Wish.STOP)]
    clock.advance(timedelta(minutes=minutes))

    assert reader.read_if_due(runtime, service).new == read


@pytest.mark.parametrize(
    ("once_a_day", "wait", "cost"),
    [
        (True, timedelta(hours=1), "0.03"),
        (True, timedelta(days=1), "0.05"),
        (False, timedelta(hours=1), "0.05"),
    ],
)
def test_messages_read_again_are_charged_as_the_network_charges_them(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    service,
    once_a_day,
    wait: timedelta,
    cost: str,
):
    network.prices = [replace(PRICE, once_a_day=once_a_day)]
    network.inbound = [wrote(n, "Hello", runtime.now()) for n in range(2)]
    reader.read_new(runtime, service)
    clock.advance(wait)
    network.inbound.append(wrote(7, "One more", runtime.now()))

    reader.read_new(runtime, service)

    assert costs.spent_this_month(runtime, service) == Decimal(cost)


def test_two_messages_of_one_second_are_both_kept(runtime: Runtime, network: FakeNetwork, service):
    now = runtime.now()
    network.inbound = [wrote(1, "Hello", now)]
    reader.read_new(runtime, service)
    network.inbound.append(wrote(2, "STOP", now, wish=Wish.STOP))

    assert reader.read_new(runtime, service).new == 1
    assert gate(runtime, subscription(runtime, service, "r2")) == "wrote_stop"


def test_an_agreement_dated_in_the_future_outlasts_no_stop(
    runtime: Runtime, network: FakeNetwork, service
):
    far = runtime.now() + timedelta(days=400)
    network.inbound = [wrote(0, "YES", far, wish=Wish.OPT_IN, who=1)]
    reader.read_new(runtime, service)
    row = subscription(runtime, service, "r1")
    assert (row.opted_in_at, row.wrote_first_at) == (runtime.now(), runtime.now())

    network.inbound.append(wrote(1, "STOP", runtime.now() + timedelta(minutes=1), who=1))
    reader.read_new(runtime, service)

    assert gate(runtime, subscription(runtime, service, "r1")) == "wrote_stop"


@pytest.mark.parametrize(
    ("now", "reason"), [("STOP", "wrote_stop"), ("Not interested", "in_doubt")]
)
def test_a_message_that_its_writer_made_a_refusal_of_is_one(
    runtime: Runtime, network: FakeNetwork, service, now: str, reason: str
):
    network.inbound = [wrote(0, "Hello", runtime.now(), who=1)]
    reader.read_new(runtime, service)
    row = subscription(runtime, service, "r1")
    answer(runtime, row, opted_in_at=runtime.now())
    runtime.session.commit()
    network.inbound = [replace(network.inbound[0], text=now)]

    for _again in range(2):
        assert reader.read_new(runtime, service).new == 0

    row = subscription(runtime, service, "r1")
    assert gate(runtime, row) == reason
    heard = "subscription.hear_stop" if reason == "wrote_stop" else "subscription.hear_doubt"
    assert actions(runtime).count(heard) == 1
    note = runtime.session.scalars(select(ReceivedMessage)).one()
    assert (note.text, note.received_at) == (now, row.opted_out_at or row.doubted_at)


def test_a_refusal_that_its_writer_takes_back_stays_one(
    runtime: Runtime, network: FakeNetwork, service
):
    network.inbound = [wrote(0, "STOP", runtime.now(), who=1)]
    reader.read_new(runtime, service)
    network.inbound = [replace(network.inbound[0], text="Hello")]

    reader.read_new(runtime, service)

    assert gate(runtime, subscription(runtime, service, "r1")) == "wrote_stop"
