"""What a synchronisation costs is told before it runs, and in its journal."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import Operation, Price
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, FakeOffer, wrote
from tests.support.sync import crowd, said, work
from webapp.audience.sync import estimate, task
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service
from webapp.workflows import spending
from webapp.workflows.models import Run, Workflow
from webapp.workflows.runs import go_on


def price(operation: Operation, amount: str, *, once: bool = False) -> Price:
    return Price(operation=operation, amount=Decimal(amount), label=operation.name, once_a_day=once)


@pytest.fixture(autouse=True)
def prices(network: FakeNetwork) -> None:
    network.prices = [
        price(Operation.ACCOUNT, "0.010", once=True),
        price(Operation.AUDIENCE, "0.001"),
        price(Operation.INBOX, "0.010", once=True),
    ]


@pytest.fixture
def service(runtime: Runtime) -> Service:
    account = {"followers": 5_040}
    return make_service(
        runtime,
        internal_name="ateliernord",
        account=account,
        monthly_budget=Decimal(60),
        inbox_read_at=None,
    )


def page(client: FlaskClient, workflow: Workflow) -> str:
    return " ".join(client.get(f"/workflows/{workflow.id}").text.split())


def amounts(runtime: Runtime, workflow: Workflow) -> list[tuple[Decimal | None, bool]]:
    found = estimate.of_workflow(runtime, workflow)
    return [(item.amount, item.is_floor) for item in found]


@pytest.mark.usefixtures("service")
def test_before_the_first_run_it_is_a_floor(
    runtime: Runtime, admin: FlaskClient, workflow: Workflow
):
    assert amounts(runtime, workflow) == [(Decimal("5.050"), True)]
    for path in (f"/workflows/{workflow.id}", "/workflows"):
        shown = " ".join(admin.get(path).text.split())
        assert (
            "@ateliernord: at least $5.05; what its messages add is unknown ($60.00 of $60.00 left)"
            in shown
        )


def test_the_journal_and_the_command_tell_what_was_charged(
    runtime: Runtime, network: FakeNetwork, service: Service, workflow: Workflow
):
    network.people = crowd(250)
    network.account = replace(network.account, followers=250)
    network.inbound = [wrote(n, "hello", runtime.now()) for n in range(7)]

    run = work(runtime, workflow)

    assert said(runtime, run)[-2:] == [
        "Cost $0.33: @ateliernord $0.33; $0.26 without messages, $0.07 for messages",
        "Done",
    ]
    assert costs.spent_this_month(runtime, service) == spending.cost(run) == Decimal("0.330")


def test_after_a_run_as_many_messages_are_expected_and_today_none_is_paid_twice(
    runtime: Runtime,
    network: FakeNetwork,
    clock: FileClock,
    service: Service,
    workflow: Workflow,
):
    network.account = replace(network.account, followers=5_000)
    network.inbound = [wrote(n, "hello", runtime.now()) for n in range(7)]
    work(runtime, workflow)

    today = amounts(runtime, workflow)
    clock.set(runtime.now() + timedelta(days=1))

    assert today == [(Decimal("5.000"), False)]
    assert amounts(runtime, workflow) == [(Decimal("5.080"), False)]


def test_an_unknown_number_of_followers_is_never_shown_as_nothing(
    runtime: Runtime, admin: FlaskClient, service: Service, workflow: Workflow
):
    service.account = {"followers": None}
    runtime.session.commit()

    shown = page(admin, workflow)

    assert amounts(runtime, workflow) == [(None, True)]
    assert "@ateliernord: cost unknown until its followers are counted" in shown
    assert "$0.00" not in shown


def test_each_account_that_a_run_reads_is_told_and_no_other(
    runtime: Runtime, service: Service, workflow: Workflow
):
    make_service(runtime, internal_name="second", account={"followers": 10})
    make_service(runtime, internal_name="quiet", sync_subscriptions=False)

    assert [item.service.internal_name for item in estimate.of_workflow(runtime, workflow)] == [
        "ateliernord",
        "second",
    ]
    assert estimate.total(estimate.of_workflow(runtime, workflow)) == Decimal("5.070")


@pytest.mark.usefixtures("service")
def test_where_the_channel_has_no_prices_nothing_is_told(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient, workflow: Workflow
):
    network.prices = []

    run = work(runtime, workflow)

    assert amounts(runtime, workflow) == []
    assert "A run now costs" not in page(admin, workflow)
    assert not any("Cost" in line for line in said(runtime, run))


@pytest.mark.usefixtures("workflow")
def test_the_door_of_the_sandbox_and_the_journal_tell_one_sum_for_the_followers(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    network.people = crowd(250)
    network.account = replace(network.account, followers=250)
    network.inbound = [wrote(n, "hello", runtime.now()) for n in range(7)]
    network.offered = [FakeOffer(handle="ateliernord")]

    shown = admin.post("/try/fake", follow_redirects=True).text
    run = runtime.session.query(Run).one()
    go_on(runtime, run.id, task.step)

    assert (
        "The network would charge $0.25 to read them, and more for each message they wrote: "
        "the journal of the run tells both."
    ) in shown
    assert said(runtime, run)[-2] == (
        "Cost $0.32: @ateliernord (sandbox) $0.32; $0.25 without messages, $0.07 for messages"
    )


def test_messages_that_were_paid_for_today_are_told_as_such(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient, service: Service, workflow: Workflow
):
    service.monthly_budget = None
    network.account = replace(network.account, followers=5_000)
    network.inbound = [wrote(n, "hello", runtime.now()) for n in range(7)]
    work(runtime, workflow)

    assert ("@ateliernord: about $5.00, messages are paid for until tomorrow") in page(
        admin, workflow
    )


@pytest.mark.usefixtures("service")
def test_the_journal_tells_what_else_the_network_listed_and_charged(
    runtime: Runtime, network: FakeNetwork, workflow: Workflow
):
    network.people = crowd(3)
    network.besides = [runtime.now() - timedelta(minutes=n) for n in range(15)]
    network.inbound = [wrote(1, "hello", runtime.now())]

    run = work(runtime, workflow)

    assert (
        "@ateliernord: done, 3 new, 0 ended, 1 messages read; "
        "the network listed 15 more that were known, or your own"
    ) in said(runtime, run)
