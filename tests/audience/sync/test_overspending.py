"""A synchronisation that would pass a budget is asked about; one of the schedule waits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import Operation, Price
from channels.clock import FileClock
from tests.support.cli import Cli
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.sync import crowd, said, work
from webapp.audience.sync import task
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.limits import limit_raised
from webapp.services.models import Service
from webapp.workflows import control, queries, runs
from webapp.workflows.asking import OverBudget
from webapp.workflows.models import Run, RunState, Workflow

WHY = "@ateliernord: $0.80 of the month’s budget of $1.00 is spent"


@pytest.fixture(autouse=True)
def network_of_fifty(network: FakeNetwork) -> None:
    price = Price(operation=Operation.AUDIENCE, amount=Decimal("0.01"), label="Follower read")
    network.prices = [price]
    network.people = crowd(50)


@pytest.fixture
def service(runtime: Runtime) -> Service:
    made = make_service(
        runtime,
        internal_name="ateliernord",
        account={"followers": 50},
        monthly_budget=Decimal(1),
    )
    costs.charge(runtime, made, Operation.AUDIENCE, count=80)
    runtime.session.commit()
    return made


def scheduled(runtime: Runtime, workflow: Workflow) -> Run:
    """Let the schedule begin a run, and carry it on until it ends or waits."""
    control.start(runtime, workflow.id)
    workflow.next_run_at = runtime.now()
    runtime.session.commit()
    return carried_on(runtime, workflow)


def carried_on(runtime: Runtime, workflow: Workflow) -> Run:
    for run_id in control.due(runtime):
        runs.go_on(runtime, run_id, task.step)
    run = queries.runs(runtime, workflow, most=1)[0]
    runtime.session.refresh(run)
    return run


@pytest.mark.usefixtures("service")
def test_a_run_over_budget_is_refused_until_somebody_agrees(runtime: Runtime, workflow: Workflow):
    with pytest.raises(OverBudget, match=r"costs about \$0.50 more") as refused:
        control.run_now(runtime, workflow.id)

    assert WHY in refused.value.message
    assert queries.runs(runtime, workflow) == []


@pytest.mark.usefixtures("service")
def test_the_page_asks_and_names_what_is_over(
    runtime: Runtime, admin: FlaskClient, workflow: Workflow
):
    own = f"/workflows/{workflow.id}"
    runtime.session.commit()
    for path in (own, "/workflows"):
        shown = admin.get(path).text.replace("&#39;", "'")
        assert f'data-confirm="{WHY}, and a run costs about $0.50 more."' in shown, path
        assert 'name="over_budget" value="yes"' in shown

    stale = admin.post(f"{own}/run", follow_redirects=True)
    assert "Nothing was run" in stale.text
    assert queries.runs(runtime, workflow) == []
    runtime.session.commit()

    admin.post(f"{own}/run", data={"over_budget": "yes"})
    db.session.remove()  # The page's own, which the test's context would keep.
    run = carried_on(runtime, workflow)
    assert run.state is RunState.DONE
    assert run.done == 50


@pytest.mark.usefixtures("service")
def test_the_command_needs_consent(cli: Cli, runtime: Runtime, workflow: Workflow):
    refused = cli("workflow", "run", "synchronise")

    assert refused.code == 1
    assert WHY in refused.err
    assert "--over-budget" in refused.err
    assert cli("workflow", "run", "synchronise", "--over-budget").code == 0
    assert len(queries.runs(runtime, workflow)) == 1


def test_one_of_the_schedule_waits_for_the_budget_and_home_says_so(
    runtime: Runtime, admin: FlaskClient, service: Service, workflow: Workflow
):
    other = make_service(runtime, internal_name="second", account={"followers": 50})

    run = scheduled(runtime, workflow)

    assert run.state is RunState.WAITING
    assert run.resume_at == costs.next_month(runtime)
    assert costs.spent_this_month(runtime, service) == Decimal("0.80")
    assert costs.spent_this_month(runtime, other) == Decimal("0.50")
    home = admin.get("/").text.replace("&#39;", "'")
    assert "waits for a budget" in home
    assert WHY in home


def test_it_goes_on_once_the_budget_is_raised(
    runtime: Runtime, service: Service, workflow: Workflow
):
    scheduled(runtime, workflow)
    before = limit_raised.allowance(service)
    service.monthly_budget = Decimal(2)
    runtime.session.commit()
    limit_raised.tell(runtime, service, before)

    run = carried_on(runtime, workflow)

    assert run.state is RunState.DONE
    assert costs.spent_this_month(runtime, service) == Decimal("1.30")


@pytest.mark.usefixtures("service")
def test_it_goes_on_in_the_next_month(runtime: Runtime, clock: FileClock, workflow: Workflow):
    run = scheduled(runtime, workflow)
    workflow.next_run_at = run.resume_at + timedelta(days=1)
    runtime.session.commit()

    clock.set(run.resume_at)

    assert carried_on(runtime, workflow).state is RunState.DONE


@pytest.mark.usefixtures("service")
def test_who_agrees_ends_the_wait(runtime: Runtime, workflow: Workflow):
    scheduled(runtime, workflow)
    with pytest.raises(OverBudget):
        control.run_now(runtime, workflow.id)
    runtime.session.rollback()

    control.run_now(runtime, workflow.id, over_budget=True)

    assert carried_on(runtime, workflow).state is RunState.DONE


@pytest.mark.usefixtures("service")
def test_the_next_run_of_the_schedule_reads_the_others_again(runtime: Runtime, workflow: Workflow):
    second = make_service(runtime, internal_name="second", account={"followers": 50})
    first = scheduled(runtime, workflow)

    again = scheduled(runtime, workflow)

    runtime.session.refresh(first)
    assert first.state is RunState.FAILED
    assert again.id != first.id
    assert again.state is RunState.WAITING
    assert costs.spent_this_month(runtime, second) == Decimal("1.00")


def test_a_run_that_nobody_agreed_to_stops_where_the_budget_is_spent(
    runtime: Runtime, network: FakeNetwork, service: Service, workflow: Workflow
):
    network.people = crowd(300)
    service.monthly_budget = Decimal("1.30")
    runtime.session.commit()

    run = work(runtime, workflow)

    assert run.state is RunState.WAITING
    assert run.done < 300
    assert any("waits until the budget is raised" in line for line in said(runtime, run))
