"""What reading the inbox for STOP costs is told before a delivery is sent, and in its budget."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind, Operation, Unknowable
from channels.clock import FileClock
from tests.support.composer import address
from tests.support.deliveries import begin, fault, ready
from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork, direct_price
from webapp.deliveries import control, sending
from webapp.deliveries.analysis import rules, stored_findings
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    direct = direct_price("0.015")
    inbox = replace(direct, operation=Operation.INBOX, amount=Decimal("0.010"))
    network.prices = [direct, inbox]
    return make_service(runtime, monthly_budget=Decimal("0.06"))


def test_the_composer_and_the_confirm_page_tell_it(
    runtime: Runtime, marketer: FlaskClient, service: Service
):
    delivery = ready(runtime, service)

    pages = [marketer.get(address(delivery, path)).text for path in ("compose", "confirm")]

    assert ["and at least about $0.03 to listen for STOP" in page for page in pages] == [True, True]


def test_home_and_the_list_tell_it_too(runtime: Runtime, marketer: FlaskClient, service: Service):
    begin(runtime, ready(runtime, service))

    home, listed = (" ".join(marketer.get(path).text.split()) for path in ("/", "/deliveries"))

    assert "$0.00 of $0.05, and at least about $0.03 to listen for STOP" in home
    assert "listening: $0.03 or more" in listed


def test_the_budget_is_held_against_both(runtime: Runtime, service: Service):
    found = stored_findings.findings(ready(runtime, service))

    assert [item["text"] for item in found if item["code"] == "over_budget"] == [
        f"It costs $0.08 and @{service.internal_name} has $0.06 left this month; it would pause."
    ]


def test_a_post_listens_to_nobody(runtime: Runtime, service: Service):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)

    assert rules.gather(runtime, draft).listens is None


def test_where_reading_is_free_nothing_is_told(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.prices = network.prices[:1]

    assert rules.gather(runtime, make_delivery(runtime, service)).listens is None


def in_full(runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service) -> Delivery:
    """A delivery that was held by the budget, whose messages the inbox lists a while later."""
    delivery = begin(runtime, ready(runtime, service))
    sending.send_batch(runtime, delivery.id)
    network.besides = [runtime.now() for _message in network.directs]
    clock.advance(timedelta(minutes=20))
    service.monthly_budget = Decimal("0.08")
    runtime.session.commit()
    control.resume(runtime, delivery.id)
    sending.send_batch(runtime, delivery.id)
    return delivery


def test_no_message_goes_out_whose_reading_would_pass_the_budget(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    delivery = begin(runtime, ready(runtime, service))

    sending.send_batch(runtime, delivery.id)

    assert len(network.directs) == 2
    name = service.internal_name
    assert delivery.wait_reason == (
        f"The rest of the month’s budget of @{name} is for listening for STOP."
    )


def test_the_whole_stays_within_the_budget_and_uses_it(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    delivery = in_full(runtime, network, clock, service)

    assert len(network.directs) == 3
    assert delivery.state is DeliveryState.FINISHED
    assert costs.spent_this_month(runtime, service) == Decimal("0.065")


def test_what_is_unknown_may_be_listed_and_is_kept_for(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.after = [None, fault(ErrorKind.UNKNOWN, "no_answer")]
    delivery = begin(runtime, ready(runtime, service))

    sending.send_batch(runtime, delivery.id)

    assert len(network.directs) == 2
    assert "under way" in delivery.wait_reason


def test_what_is_over_tells_what_listening_did_cost(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    marketer: FlaskClient,
    service: Service,
):
    delivery = in_full(runtime, network, clock, service)
    runtime.session.commit()

    page, listed, composed = (
        " ".join(marketer.get(path).text.split())
        for path in (f"/deliveries/{delivery.id}", "/deliveries", address(delivery))
    )

    assert "and $0.02 to listen for STOP" in page
    assert "at least about" not in page
    assert "listening: $0.02<" in listed
    assert "and $0.02 to listen for STOP" in composed


def test_of_what_was_over_before_that_was_kept_nothing_is_told(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    marketer: FlaskClient,
    service: Service,
):
    delivery = in_full(runtime, network, clock, service)
    delivery.listening_cost = None
    runtime.session.commit()

    assert "listen for STOP" not in marketer.get(f"/deliveries/{delivery.id}").text
    assert "listening:" not in marketer.get("/deliveries").text


def test_the_inbox_is_not_read_where_nothing_is_left_to_send(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    network.answer = Unknowable(reason="Not listed yet.")
    delivery = begin(runtime, ready(runtime, service, people=1))
    sending.send_batch(runtime, delivery.id)
    reads = len(network.inbox_reads)
    clock.advance(timedelta(hours=2))

    sending.send_batch(runtime, delivery.id)

    assert len(network.asked) == 1
    assert len(network.inbox_reads) == reads


def test_what_ends_before_it_is_listed_does_not_tell_that_listening_is_free(
    runtime: Runtime, marketer: FlaskClient, service: Service
):
    service.monthly_budget = None
    service.daily_cap = 1
    delivery = begin(runtime, ready(runtime, service))
    sending.send_batch(runtime, delivery.id)
    control.stop(runtime, delivery.id)
    assert (delivery.state, delivery.listening_cost) == (DeliveryState.STOPPED, 0)
    page = f"/deliveries/{delivery.id}"
    runtime.session.commit()

    shown, listed = (" ".join(marketer.get(path).text.split()) for path in (page, "/deliveries"))

    assert "what it sent is charged once more when messages are read next" in shown
    assert "$0.00 to listen" not in shown
    assert "listening: $0.00" not in listed
