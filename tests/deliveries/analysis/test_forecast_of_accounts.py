"""What is told of a delivery before it is sent counts every account it goes out from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from channels import Operation, Scope
from channels.clock import FileClock
from tests.support.deliveries import begin, ready
from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.deliveries import analysis, control, sending
from webapp.deliveries.analysis import result, stored_findings
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState, Message
from webapp.deliveries.queries import overview, progress
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota
from webapp.services.models import Service

WINDOW = timedelta(minutes=15)


@pytest.fixture
def other(runtime: Runtime, network: FakeNetwork) -> Service:
    """A second account; each may post once in fifteen minutes, for a price."""
    network.limits = [replace(direct_limit(1), operation=Operation.POST)]
    network.prices = [replace(direct_price("0.015"), operation=Operation.POST)]
    return make_service(runtime, internal_name="other", remote_id="9")


def post(runtime: Runtime, *services: Service, **changes) -> Delivery:
    draft = make_delivery(runtime, *services, kind=DeliveryKind.POST, **changes)
    analysis.start(runtime, draft.id)
    return analysis.analyse(runtime, draft.id)


def plan(delivery: Delivery) -> result.Plan:
    found = result.result_of(delivery)
    assert found is not None
    assert found.plan is not None
    return found.plan


def test_a_post_ends_when_the_last_account_may_publish_it(
    runtime: Runtime, service: Service, other: Service
):
    quota.reserve(runtime, other, Operation.POST)

    told = plan(post(runtime, service, other))

    assert told.takes == WINDOW
    assert [(line["label"], line["binds"]) for line in told.limits] == [
        (f"Posts, 15 min, @{service.internal_name}", False),
        ("Posts, 15 min, @other", True),
    ]


def test_a_limit_that_accounts_share_counts_the_post_of_each(
    runtime: Runtime, network: FakeNetwork, service: Service, other: Service
):
    network.limits = [replace(network.limits[0], scope=Scope.APP)]

    told = plan(post(runtime, service, other))

    assert told.takes == WINDOW
    assert [line["label"] for line in told.limits] == ["Posts, 15 min, whole app"]


def test_waves_hold_the_posts_of_all_accounts(runtime: Runtime, service: Service, other: Service):
    assert plan(post(runtime, service, other, wave_size=1)).takes == timedelta(days=1)


def test_a_post_costs_what_it_costs_on_every_account(
    runtime: Runtime, service: Service, other: Service
):
    found = result.result_of(post(runtime, service, other))

    assert found is not None
    assert found.cost == Decimal("0.030")
    assert found.charges == {service.id: Decimal("0.015"), other.id: Decimal("0.015")}


def test_the_budget_of_each_account_is_held_against_its_own_share(
    runtime: Runtime, service: Service, other: Service
):
    service.monthly_budget, other.monthly_budget = Decimal("0.02"), Decimal("0.01")
    runtime.session.commit()

    found = stored_findings.findings(post(runtime, service, other))

    assert "Within the budget of @" + service.internal_name in [item["text"] for item in found]
    assert [item["text"] for item in found if item["code"] == "over_budget"] == [
        "It costs $0.02 and @other has $0.01 left this month; it would pause."
    ]


def test_what_waits_on_any_of_the_accounts_is_ahead(
    runtime: Runtime, service: Service, other: Service
):
    begin(runtime, post(runtime, other, content="Earlier."))

    told = plan(post(runtime, service, other))

    assert (told.ahead, told.takes) == (1, WINDOW)


def test_what_is_paused_is_not_ahead(runtime: Runtime, service: Service):
    earlier = begin(runtime, ready(runtime, service))
    later = ready(runtime, service, people=0, label="Later")
    assert plan(later).ahead == 3

    control.pause(runtime, earlier.id)

    assert overview.overview(runtime, later).ahead == 0


def test_the_expected_end_of_a_post_under_way_looks_at_every_account(
    runtime: Runtime, service: Service, other: Service
):
    quota.reserve(runtime, other, Operation.POST)
    delivery = begin(runtime, post(runtime, service, other))

    ends = progress.progress(runtime, delivery).ends_at

    assert isinstance(ends, datetime)
    assert ends - runtime.now() == WINDOW


@pytest.mark.parametrize(("used", "waves"), [(0, None), (1, None), (0, 3)])
def test_the_forecast_is_what_a_played_sending_does(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, used: int, waves: int | None
):
    clock.set(datetime(2026, 11, 29, 17, 25, tzinfo=UTC), rate=0)
    network.limits = [direct_limit(2)]
    service = make_service(runtime, daily_cap=4)
    for _taken in range(used):
        quota.reserve(runtime, service, Operation.DIRECT)
    delivery = ready(runtime, service, people=9, wave_size=waves)
    told = [plan(delivery).ends_at]

    begin(runtime, delivery)
    while delivery.state is not DeliveryState.FINISHED:
        sending.send_batch(runtime, delivery.id)
        told += [progress.progress(runtime, delivery).ends_at]
        clock.set(delivery.resume_at or runtime.now(), rate=0)

    last = runtime.session.scalar(select(func.max(Message.sent_at)))
    assert {end for end in told if end} == {last}


def test_the_rate_is_the_planned_one_not_what_went_in_the_first_minutes(
    runtime: Runtime, network: FakeNetwork
):
    network.limits = [direct_limit(15), direct_limit(1_440, seconds=86_400)]
    delivery = begin(runtime, ready(runtime, make_service(runtime), people=18))

    sending.send_batch(runtime, delivery.id)

    found = progress.progress(runtime, delivery)
    assert (found.last_hour, found.rate) == (15, 60)


def test_accounts_add_up_to_a_rate_up_to_what_they_share(
    runtime: Runtime, network: FakeNetwork, service: Service, other: Service
):
    delivery = begin(runtime, post(runtime, service, other))
    assert progress.progress(runtime, delivery).rate == 8

    network.limits = [replace(network.limits[0], scope=Scope.APP)]

    assert progress.progress(runtime, delivery).rate == 4


def test_where_no_limit_is_known_no_rate_is(runtime: Runtime, service: Service):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)

    assert progress.progress(runtime, draft).rate is None


def test_a_limit_in_points_lets_out_as_many_as_its_points_pay_for(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    points = {Operation.POST: 3, Operation.DELETE: 1}
    network.limits = [replace(direct_limit(10), operation=Operation("writes"), points=points)]
    quota.reserve(runtime, service, Operation.DELETE)

    told = plan(post(runtime, service))

    assert [(line["allows"], line["used"]) for line in told.limits] == [(3, 1)]
