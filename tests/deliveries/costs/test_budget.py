"""No message goes out that might pass the month's budget, whoever works on it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from channels import ErrorKind, Operation, Price, Unknowable
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, direct_price
from webapp.deliveries import sending
from webapp.deliveries.models import DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    network.prices = [direct_price("0.015")]
    return make_service(runtime, monthly_budget=Decimal("0.04"))


def test_a_delivery_pauses_before_the_budget_is_passed(runtime: Runtime, service: Service):
    delivery = sent(runtime, service)

    assert states(runtime, delivery).count("sent") == 2
    assert delivery.state is DeliveryState.PAUSED
    assert str(costs.spent_this_month(runtime, service)) == "0.0300"


def test_what_a_text_with_a_link_costs_counts(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.linked = "link"
    dear = Price(operation=Operation.DIRECT, amount=Decimal("0.20"), label="Links", variant="link")
    network.prices = [*network.prices, dear]

    delivery = sent(runtime, service, content="See https://a.example {opt_out_line}")

    assert states(runtime, delivery) == ["pending"] * 3
    assert delivery.wait_reason == f"The month’s budget of @{service.internal_name} is used up."


def test_what_nobody_knows_the_outcome_of_may_have_been_charged(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.after = [None, fault(ErrorKind.UNKNOWN, "no_answer")]

    delivery = sent(runtime, service)

    assert sorted(states(runtime, delivery)) == ["pending", "sent", "unknown"]
    assert delivery.state is not DeliveryState.PAUSED
    assert "under way" in delivery.wait_reason


@pytest.mark.parametrize("at", range(1, 24))
def test_two_workers_at_once_never_pass_it(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service, at: int
):
    workers = Workers(runtime, clock, begin(runtime, ready(runtime, service, people=4)))

    workers.slice(at=at, happens=workers.help)

    assert len(network.directs) <= 2
    assert costs.spent_this_month(runtime, service) <= Decimal("0.04")


@pytest.mark.parametrize(
    ("answer", "spent"),
    [
        (fault(ErrorKind.LIMITED), "0"),
        (Unknowable(reason="Not listed yet."), "0.005"),
        (fault(ErrorKind.UNKNOWN, "no_answer"), "0.005"),
    ],
)
def test_a_question_about_an_outcome_that_is_refused_costs_nothing(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service, answer, spent: str
):
    asking = Price(operation=Operation.FIND, amount=Decimal("0.005"), label="Looked up")
    network.prices = [*network.prices, asking]
    network.before = [fault(ErrorKind.UNKNOWN, "no_answer")]
    delivery = sent(runtime, service, people=1)
    network.answer = answer
    clock.advance(timedelta(seconds=runtime.settings.reconcile_after_seconds))

    sending.send_batch(runtime, delivery.id)

    assert len(network.asked) == 1
    assert costs.spent_this_month(runtime, service) == Decimal(spent)
