from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from channels import Operation
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, direct_price
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service

DIRECT, POST = Operation.DIRECT, Operation.POST


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    post = replace(direct_price("0.015"), operation=POST, label="Posts without a link")
    network.prices = [
        direct_price("0.015"),
        post,
        replace(post, amount=Decimal("0.200"), label="Posts with a link", variant="link"),
    ]
    return make_service(runtime)


def test_each_call_adds_its_price(runtime: Runtime, service):
    for _call in range(3):
        assert costs.charge(runtime, service, DIRECT) == Decimal("0.015")

    assert costs.spent_this_month(runtime, service) == Decimal("0.045")


def test_many_calls_are_charged_at_once(runtime: Runtime, service):
    assert costs.charge(runtime, service, DIRECT, count=1_000) == Decimal("15.000")


def test_a_thousand_small_charges_lose_no_cent(runtime: Runtime, network: FakeNetwork, service):
    network.prices = [direct_price("0.001")]

    for _call in range(1_000):
        costs.charge(runtime, service, DIRECT)

    assert costs.spent_this_month(runtime, service) == Decimal("1.0000")


def test_a_charge_belongs_to_the_callers_transaction(runtime: Runtime, service):
    costs.charge(runtime, service, DIRECT)

    runtime.session.rollback()

    assert costs.spent_this_month(runtime, service) == 0


def test_a_dearer_variant_has_its_own_price(runtime: Runtime, service):
    assert costs.charge(runtime, service, POST, variant="link") == Decimal("0.200")
    assert costs.price_of(runtime, service, POST).amount == Decimal("0.015")


def test_a_variant_without_a_price_costs_what_the_operation_costs(runtime: Runtime, service):
    assert costs.price_of(runtime, service, DIRECT, "link").amount == Decimal("0.015")


def test_what_costs_nothing_is_counted_too(runtime: Runtime, service):
    assert costs.price_of(runtime, service, Operation.ACCOUNT) is None

    costs.charge(runtime, service, Operation.ACCOUNT, count=2)

    [line] = costs.by_operation(runtime, service)
    assert (line.label, line.calls, line.price, line.amount) == ("Account read", 2, 0, 0)


def test_the_dearest_operation_comes_first(runtime: Runtime, service):
    costs.charge(runtime, service, DIRECT, count=4)
    costs.charge(runtime, service, POST, variant="link")
    costs.charge(runtime, service, POST)

    lines = costs.by_operation(runtime, service)

    assert [(line.label, line.calls, line.amount) for line in lines] == [
        ("Posts with a link", 1, Decimal("0.2")),
        ("Direct messages sent", 4, Decimal("0.06")),
        ("Posts without a link", 1, Decimal("0.015")),
    ]


def test_a_new_month_begins_at_nothing(runtime: Runtime, service, clock: FileClock):
    clock.set(datetime(2026, 11, 30, 23, 59, tzinfo=UTC), rate=0)
    costs.charge(runtime, service, DIRECT)

    clock.advance(timedelta(minutes=2))
    costs.charge(runtime, service, DIRECT, count=2)

    assert costs.spent_this_month(runtime, service) == Decimal("0.03")
    assert [line.calls for line in costs.by_operation(runtime, service)] == [2]


def test_services_are_charged_apart(runtime: Runtime, service):
    costs.charge(runtime, make_service(runtime), DIRECT)

    assert costs.spent_this_month(runtime, service) == 0


def test_a_budget_tells_what_is_left(runtime: Runtime, service):
    assert costs.budget_left(runtime, service) is None

    service.monthly_budget = Decimal("0.04")
    costs.charge(runtime, service, DIRECT, count=3)

    assert costs.budget_left(runtime, service) == Decimal("-0.005")


def test_the_price_of_a_plugin_that_is_gone_is_unknown(runtime: Runtime, service):
    costs.charge(runtime, service, DIRECT)

    service.kind = "gone"

    [line] = costs.by_operation(runtime, service)
    assert (line.label, line.price, line.amount) == ("Direct messages", None, Decimal("0.015"))
