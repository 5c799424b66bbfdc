"""A raised cap or budget wakes what waits for it at once, and nothing else."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, ready, sent, states
from tests.support.factories import actions, service_draft
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.deliveries import control, sending
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceOptions
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    network.prices = [direct_price("0.015")]
    options = ServiceOptions(daily_cap=2, monthly_budget=Decimal(1))
    service = accounts.connect(runtime, "fake", service_draft(options=options))
    service.inbox_read_at = runtime.now()
    runtime.session.commit()
    return service


def allow(runtime: Runtime, service: Service, cap: int, budget: str | None) -> None:
    money = Decimal(budget) if budget else None
    options = ServiceOptions(daily_cap=cap, monthly_budget=money)
    accounts.change(runtime, service.id, service_draft(options=options))


def due(runtime: Runtime, delivery: Delivery) -> bool:
    runtime.session.refresh(delivery)
    return sending.due(runtime) == [delivery.id]


def test_a_raised_cap_wakes_what_waits_for_it(runtime: Runtime, service: Service):
    delivery = sent(runtime, service)
    assert "2 per day, your cap" in delivery.wait_reason

    allow(runtime, service, 3, "1")

    assert due(runtime, delivery)
    sending.send_batch(runtime, delivery.id)
    assert states(runtime, delivery) == ["sent"] * 3


@pytest.mark.parametrize("budget", ["0.05", None])
def test_a_raised_budget_wakes_what_it_paused(
    runtime: Runtime, service: Service, budget: str | None
):
    allow(runtime, service, 9, "0.04")
    delivery = sent(runtime, service)
    assert delivery.state is DeliveryState.PAUSED

    allow(runtime, service, 9, budget)

    assert due(runtime, delivery)
    assert actions(runtime)[-1] == "delivery.resume"
    sending.send_batch(runtime, delivery.id)
    assert states(runtime, delivery) == ["sent"] * 3


@pytest.mark.parametrize(("cap", "budget"), [(2, "1"), (1, "0.90")])
def test_what_is_not_raised_wakes_nothing(
    runtime: Runtime, service: Service, cap: int, budget: str
):
    delivery = sent(runtime, service)

    allow(runtime, service, cap, budget)

    assert not due(runtime, delivery)
    assert "2 per day, your cap" in delivery.wait_reason


def test_what_an_operator_paused_stays_so(runtime: Runtime, service: Service):
    delivery = sent(runtime, service)
    control.pause(runtime, delivery.id)

    allow(runtime, service, 9, None)

    assert not due(runtime, delivery)
    assert delivery.state is DeliveryState.PAUSED


def test_what_waits_for_the_network_too_waits_on(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits = [direct_limit(2)]
    delivery = sent(runtime, service)
    until = delivery.resume_at

    allow(runtime, service, 9, None)
    assert due(runtime, delivery)
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "sent", "pending"]
    assert delivery.resume_at < until
    assert "2 per 15 min" in delivery.wait_reason


def test_a_cap_raised_during_a_slice_holds_in_it(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    allow(runtime, service, 2, None)
    higher = update(Service).values(daily_cap=3).execution_options(synchronize_session=False)

    def elsewhere() -> None:
        runtime.session.execute(higher)
        runtime.session.commit()

    network.before = [None, elsewhere]

    assert states(runtime, sent(runtime, service)) == ["sent"] * 3


@pytest.mark.parametrize("at", range(1, 24))
@pytest.mark.parametrize(("cap", "budget"), [(2, "1"), (9, "0.04")])
def test_whatever_is_raised_at_any_moment_of_a_slice_is_not_overslept(
    runtime: Runtime, clock: FileClock, service: Service, at: int, cap: int, budget: str
):
    allow(runtime, service, cap, budget)
    workers = Workers(runtime, clock, begin(runtime, ready(runtime, service)))

    def raised() -> None:
        with workers.worker() as other:
            allow(other, service, 9, "1")

    if workers.slice(at=at, happens=raised) < at:
        return

    with workers.worker() as other:
        ids = sending.due(other)
    assert ids == [workers.delivery_id] or set(workers.states()) == {"sent"}
