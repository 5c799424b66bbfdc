"""What waits and cannot be paid any more is paused at once, where somebody sees it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import Operation
from tests.support.deliveries import sent, states
from tests.support.factories import actions, make_service, service_draft
from tests.support.fakes import FakeNetwork, direct_price
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.models import Delivery, DeliveryState, Held
from webapp.deliveries.sending import unpaid
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceOptions
from webapp.services.models import Service
from webapp.system.processes import scheduler


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    network.prices = [direct_price("0.015")]
    options = ServiceOptions(daily_cap=2, monthly_budget=Decimal(1))
    made = accounts.connect(runtime, "fake", service_draft(options=options))
    made.inbox_read_at = runtime.now()
    runtime.session.commit()
    return made


@pytest.fixture
def waiting(runtime: Runtime, service: Service) -> Delivery:
    """One of three messages, of which the cap of the day lets two go out."""
    delivery = sent(runtime, service)
    assert delivery.state is DeliveryState.SENDING
    assert "2 per day" in delivery.wait_reason
    return delivery


def spend(runtime: Runtime, service: Service) -> None:
    """Let something else, such as a synchronisation, take the money."""
    costs.charge(runtime, service, Operation.DIRECT, count=64)
    runtime.session.commit()


def test_the_scheduler_pauses_it_and_home_names_it(
    runtime: Runtime, admin: FlaskClient, service: Service, waiting: Delivery
):
    spend(runtime, service)

    scheduler.tick(runtime, "me")

    runtime.session.refresh(waiting)
    assert (waiting.state, waiting.wait_code) == (DeliveryState.PAUSED, Held.BUDGET)
    assert "delivery.hold" in actions(runtime)
    page, number = f"/deliveries/{waiting.id}", waiting.id
    runtime.session.commit()
    assert f'id="need-paused-{number}"' in admin.get("/").text
    assert "It goes on by itself" not in admin.get(page).text


def test_a_lowered_budget_pauses_it_and_a_raised_one_lets_it_wait_on(
    runtime: Runtime, service: Service, waiting: Delivery
):
    for budget, state in (("0.03", DeliveryState.PAUSED), ("2", DeliveryState.SENDING)):
        options = ServiceOptions(daily_cap=2, monthly_budget=Decimal(budget))
        accounts.change(runtime, service.id, service_draft(options=options))
        unpaid.suspend(runtime)
        runtime.session.refresh(waiting)
        assert waiting.state is state

    assert states(runtime, waiting).count("pending") == 1


def test_what_can_be_paid_waits_on(runtime: Runtime, waiting: Delivery):
    unpaid.suspend(runtime)

    runtime.session.refresh(waiting)
    assert waiting.state is DeliveryState.SENDING


def test_what_waits_for_the_next_month_has_its_budget(
    runtime: Runtime, service: Service, waiting: Delivery
):
    spend(runtime, service)
    waiting.resume_at = costs.next_month(runtime) + timedelta(hours=1)
    runtime.session.commit()

    unpaid.suspend(runtime)

    runtime.session.refresh(waiting)
    assert waiting.state is DeliveryState.SENDING


def test_the_check_says_how_far_a_budget_is_passed(runtime: Runtime, network: FakeNetwork):
    network.prices = [direct_price("0.015")]
    poor = make_service(runtime, internal_name="poor", monthly_budget=Decimal("0.02"))
    costs.charge(runtime, poor, Operation.DIRECT, count=2)
    runtime.session.commit()

    delivery = sent(runtime, poor)

    said = [item["text"] for item in stored_findings.findings(delivery)]
    assert any("is $0.01 over its budget this month" in text for text in said)
    assert "$-" not in said
    assert "-$" not in said
    db.session.remove()
