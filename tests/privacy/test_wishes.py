"""A wish to be erased stops every message at once, and may be taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from channels import InboundMessage, Wish
from tests.support.deliveries import begin, ready
from tests.support.factories import (
    actions,
    make_service,
    make_subscription,
    make_subscriptions,
    make_visitor,
    make_workflow,
)
from tests.support.fakes import FakeNetwork, person
from tests.support.sync import work
from webapp.audience import consent
from webapp.audience.inbox import reader
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import sending
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.runtime import Runtime
from webapp.privacy import wishes
from webapp.privacy.models import WishState
from webapp.services.models import Service


def test_from_the_wish_on_nobody_writes_to_the_person(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    tie = make_subscription(runtime, service)
    elsewhere = make_subscription(runtime, make_service(runtime), tie.visitor)
    delivery = begin(runtime, ready(runtime, service, 0))

    wishes.ask(runtime, tie.visitor_id)
    sending.send_batch(runtime, delivery.id)

    assert network.directs == []
    for row in (tie, elsewhere):
        assert consent.reason_not(row, row.visitor) == "wrote_stop"


def test_it_is_written_down_once(runtime: Runtime, service: Service):
    tie = make_subscription(runtime, service)

    first = wishes.ask(runtime, tie.visitor_id)
    again = wishes.ask(runtime, tie.visitor_id)

    assert again.id == first.id
    assert actions(runtime).count("erasure.ask") == 1


def test_an_opt_in_that_a_clock_left_ahead_does_not_outlast_it(runtime: Runtime, service: Service):
    ahead = runtime.now() + timedelta(days=1)
    tie = make_subscription(runtime, service, opted_in_at=ahead)

    wishes.ask(runtime, tie.visitor_id)

    row = runtime.session.get_one(Subscription, tie.id)
    assert consent.reason_not(row, row.visitor) == "wrote_stop"


def test_who_is_kept_after_all_still_gets_no_messages(runtime: Runtime, service: Service):
    tie = make_subscription(runtime, service)
    wish = wishes.ask(runtime, tie.visitor_id)

    kept = wishes.withdraw(runtime, wish.id)

    assert (kept.state, kept.ended_by) == (WishState.WITHDRAWN, "test")
    assert consent.reason_not(tie, tie.visitor) == "wrote_stop"
    with pytest.raises(Conflict):
        wishes.withdraw(runtime, wish.id)
    assert wishes.ask(runtime, tie.visitor_id).id != wish.id


def test_an_account_of_the_house_is_disconnected_and_not_erased(runtime: Runtime, service: Service):
    ours = make_visitor(runtime, remote_id=service.remote_id)

    with pytest.raises(Conflict):
        wishes.ask(runtime, ours.id)


def test_there_is_no_wish_of_nobody(runtime: Runtime):
    with pytest.raises(NotFound):
        wishes.ask(runtime, 404)


def test_wishes_that_wait_come_first(runtime: Runtime, service: Service):
    ties = make_subscriptions(runtime, service, 3)
    first, second, third = (wishes.ask(runtime, tie.visitor_id) for tie in ties)
    wishes.withdraw(runtime, third.id)

    assert [item.id for item in wishes.newest(runtime)] == [second.id, first.id, third.id]


def test_a_wish_of_somebody_who_went_with_a_sandbox_waits_for_nobody(
    runtime: Runtime, service: Service
):
    _first, second = (
        wishes.ask(runtime, make_subscription(runtime, service).visitor_id) for _ in "12"
    )
    runtime.session.execute(delete(Visitor).where(Visitor.id == second.visitor_id))
    runtime.session.commit()
    runtime.session.expire_all()

    assert [item.shown_state for item in wishes.newest(runtime)] == ["asked", "gone"]
    with pytest.raises(Conflict):
        wishes.withdraw(runtime, second.id)


@pytest.fixture
def asked(runtime: Runtime, service: Service) -> Visitor:
    """Somebody who wants to be erased, and whom only one account knew then."""
    tie = make_subscription(runtime, service)
    wishes.ask(runtime, tie.visitor_id)
    return tie.visitor


def tie_of(runtime: Runtime, service: Service, visitor: Visitor) -> Subscription:
    runtime.session.expire_all()
    return (
        runtime.session.query(Subscription)
        .filter_by(service_id=service.id, visitor_id=visitor.id)
        .one()
    )


def test_no_account_that_comes_to_know_them_later_writes_to_them(
    runtime: Runtime, asked: Visitor, network: FakeNetwork
):
    later = make_service(runtime)
    network.people = [person(1, remote_id=asked.remote_id, handle=asked.handle, name=asked.name)]

    work(runtime, make_workflow(runtime))

    tie = tie_of(runtime, later, asked)
    assert consent.is_following(tie)
    assert consent.reason_not(tie, asked) == "wrote_stop"


@pytest.mark.parametrize(
    ("text", "wish", "why_not"), [("Hello", None, "wrote_stop"), ("YES", Wish.OPT_IN, "")]
)
def test_who_writes_to_another_account_is_left_alone_unless_they_agree(
    runtime: Runtime,
    asked: Visitor,
    network: FakeNetwork,
    clock,
    text: str,
    wish: Wish | None,
    why_not: str,
):
    later = make_service(runtime, inbox_read_at=None)
    who = person(1, remote_id=asked.remote_id, handle=asked.handle, name=asked.name)
    clock.set(runtime.now() + timedelta(hours=1))
    network.inbound = [
        InboundMessage(remote_id="n1", person=who, text=text, received_at=runtime.now(), wish=wish)
    ]

    reader.read_new(runtime, later)

    assert consent.reason_not(tie_of(runtime, later, asked), asked) == why_not
