"""Each part of a thread goes out by the secrets, the turns and the budget as they are then."""

from decimal import Decimal

import pytest

from channels import ErrorKind, Limit, Operation, Price, Scope
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, fault, states, threaded
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
from webapp.deliveries.models import Attempt, DeliveryState, Held
from webapp.deliveries.queries import overview
from webapp.deliveries.sending import unpaid
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota
from webapp.services.models import Service

pytestmark = pytest.mark.usefixtures("takes_threads")

THREE = ["One.", "Two.", "Three."]
# At least all that a slice of one thread of three parts has.
COMMITS = range(1, 24)


def used(runtime: Runtime, service: Service) -> int:
    runtime.session.expire_all()
    return quota.usage(runtime, service, Operation.POST)[0].used


def test_a_part_is_sent_with_the_secrets_that_the_one_before_left(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    part, seen = runtime.registry.get("fake").posts, list[str]()
    publish = part.publish

    def renewing(context, outgoing):
        seen.append(context.secret("token"))
        context.remember("token", f"token {len(seen)}", secret=True)
        return publish(context, outgoing)

    part.publish = renewing
    sending.send_batch(runtime, begin(runtime, threaded(runtime, service, THREE)).id)

    assert seen == ["good", "token 1", "token 2"]


def test_a_window_that_a_refusal_closed_is_not_opened_by_the_parts_behind(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    limit = Limit(operation=Operation.POST, scope=Scope.ACCOUNT, seconds=900, cap=9)
    network.limits = [limit]
    delivery = begin(runtime, threaded(runtime, service, THREE))
    network.before = [fault(ErrorKind.LIMITED)]

    sending.send_batch(runtime, delivery.id)

    assert used(runtime, service) == 9


@pytest.mark.parametrize("at", COMMITS)
def test_each_try_of_a_part_takes_one_turn_whoever_makes_it(
    runtime: Runtime, clock: FileClock, network: FakeNetwork, service: Service, at: int
):
    limit = Limit(operation=Operation.POST, scope=Scope.ACCOUNT, seconds=9_000_000, cap=100)
    network.limits = [limit]
    workers = Workers(runtime, clock, begin(runtime, threaded(runtime, service, THREE)))
    workers.slice(at=at, happens=workers.others_finish)

    workers.finish()

    assert used(runtime, service) == runtime.session.query(Attempt).count()


def test_what_a_thread_under_way_may_still_cost_is_left_for_all_of_its_parts(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.prices = [Price(operation=Operation.POST, amount=Decimal("0.01"), label="Posts")]
    service.monthly_budget = Decimal("0.04")
    runtime.session.commit()
    first, second = (begin(runtime, threaded(runtime, service, it)) for it in (THREE, ["4", "5"]))
    network.before = [fault(ErrorKind.UNKNOWN)]

    sending.send_batch(runtime, first.id)
    sending.send_batch(runtime, second.id)

    assert states(runtime, first) == ["unknown"]
    assert network.posts == []
    assert states(runtime, second) == ["pending"]


def test_a_thread_that_waits_and_cannot_be_paid_to_its_end_is_paused_at_once(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    network.prices = [Price(operation=Operation.POST, amount=Decimal("0.01"), label="Posts")]
    network.before = [fault(ErrorKind.TEMPORARY)]
    service.monthly_budget = Decimal("0.03")
    delivery = begin(runtime, threaded(runtime, service, THREE))
    sending.send_batch(runtime, delivery.id)
    service.monthly_budget = Decimal("0.02")
    runtime.session.commit()

    unpaid.suspend(runtime)

    runtime.session.refresh(delivery)
    assert (delivery.state, delivery.wait_code) == (DeliveryState.PAUSED, Held.BUDGET)


def test_a_budget_that_is_too_small_for_all_parts_holds_the_delivery(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    price = Price(operation=Operation.POST, amount=Decimal("0.015"), label="Posts")
    network.prices, service.monthly_budget = [price], Decimal("0.040")

    (budget,) = overview.budgets(runtime, threaded(runtime, service, THREE))

    assert budget.holds
