"""A workflow that a plugin brings is scheduled, run, resumed and stopped like the core's own."""

from datetime import timedelta
from decimal import Decimal

import pytest

from channels import (
    ChannelError,
    ChannelWorkflow,
    ErrorKind,
    Operation,
    Price,
    StepResult,
    hookimpl,
)
from channels.clock import FileClock
from tests.kernel.plugins.test_broken_plugins import Bringing
from tests.kernel.plugins.test_registry import Pigeon
from tests.support.factories import make_service
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.channel import declared
from webapp.services.models import Service, ServiceState
from webapp.system.dashboard import todo
from webapp.system.setup import defaults
from webapp.system.tasks.registry import task_of
from webapp.workflows import control, queries, runs
from webapp.workflows.asking import OverBudget
from webapp.workflows.models import Run, RunState, Workflow


class Moulting(Bringing):
    """A plugin with one workflow, whose steps do what they are told."""

    def __init__(self, schedule: str = "0 5 * * *", job: str = "moult") -> None:
        super().__init__(Pigeon())
        self.calls: list[tuple[str, str | None]] = []
        self.answers: list[StepResult | Exception] = []
        self.schedule, self.job = schedule, job

    @hookimpl
    def register_workflows(self):
        given = {"job": self.job, "kind": "pigeon", "name": "Moult", "schedule": self.schedule}
        return [ChannelWorkflow(**given, step=self.step)]

    def step(self, context, cursor):
        self.calls.append((context.handle, cursor))
        answer = self.answers.pop(0) if self.answers else StepResult(done=1)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def plugin(runtime: Runtime) -> Moulting:
    plugin = Moulting()
    runtime.registry.add(plugin, name="moulting")
    defaults.ensure(runtime)
    for name in ("north", "south"):
        make_service(runtime, kind="pigeon", internal_name=name)
    return plugin


def workflow(runtime: Runtime) -> Workflow:
    return runtime.session.query(Workflow).filter_by(kind="pigeon", job="moult").one()


def run(runtime: Runtime) -> Run:
    begun = control.run_now(runtime, workflow(runtime).id)
    runs.go_on(runtime, begun.id, task_of(runtime, "moult"))
    return begun


def journal(runtime: Runtime, begun: Run) -> str:
    return " ".join(item.text for item in queries.journal(runtime, begun))


@pytest.mark.usefixtures("plugin")
def test_it_stands_on_the_workflows_page_stopped_at_first(runtime: Runtime):
    found = workflow(runtime)

    assert (found.name, found.state.value, found.schedule) == ("Moult", "stopped", "0 5 * * *")


def test_each_service_has_its_turn_until_its_cursor_ends(runtime: Runtime, plugin: Moulting):
    plugin.answers = [StepResult(next_cursor="2", done=10, note="ten feathers")]

    begun = run(runtime)

    assert plugin.calls == [("north", None), ("north", "2"), ("south", None)]
    assert (begun.state, begun.done) == (RunState.DONE, 12)
    assert "@north: ten feathers" in journal(runtime, begun)


def test_a_limit_makes_the_run_wait_and_it_goes_on_where_it_was(
    runtime: Runtime, plugin: Moulting, clock: FileClock
):
    until = runtime.now() + timedelta(hours=1)
    limit = ChannelError("The limit is spent.", kind=ErrorKind.LIMITED, retry_at=until)
    plugin.answers = [StepResult(next_cursor="2"), limit]

    begun = run(runtime)
    waiting = (begun.state, begun.resume_at)
    clock.set(until)
    runs.go_on(runtime, begun.id, task_of(runtime, "moult"))

    assert waiting == (RunState.WAITING, until)
    assert plugin.calls == [("north", None), ("north", "2"), ("north", "2"), ("south", None)]
    assert begun.state is RunState.DONE


def test_a_reset_that_is_years_away_holds_the_run_for_a_day(runtime: Runtime, plugin: Moulting):
    far = runtime.now() + timedelta(days=3_000)
    plugin.answers = [ChannelError("Later.", kind=ErrorKind.LIMITED, retry_at=far)]

    begun = run(runtime)

    assert begun.resume_at - runtime.now() <= timedelta(days=1)


def test_a_service_at_fault_is_marked_and_keeps_no_other_from_its_turn(
    runtime: Runtime, plugin: Moulting
):
    plugin.answers = [ChannelError("The ring is lost.", kind=ErrorKind.SENDER)]

    begun = run(runtime)

    assert plugin.calls == [("north", None), ("south", None)]
    assert begun.state is RunState.FAILED
    assert "@north: The ring is lost." in journal(runtime, begun)
    states = [item.state for item in runtime.session.query(Service).filter_by(kind="pigeon")]
    assert states.count(ServiceState.NEEDS_FIXING) == 1


def test_a_plugin_that_breaks_ends_its_run_with_a_sentence(runtime: Runtime, plugin: Moulting):
    plugin.answers = [RuntimeError("no feathers")]

    begun = run(runtime)

    assert begun.state is RunState.FAILED
    assert begun.reason == "The plugin failed: RuntimeError. The log of Fanfare holds the details."


@pytest.mark.usefixtures("plugin")
def test_a_workflow_whose_plugin_is_gone_says_so(runtime: Runtime):
    runtime.registry.disable_channel("pigeon", "gone")

    begun = run(runtime)

    assert begun.reason == "No plugin brings this workflow any more. Install it again."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"schedule": "* * * * *"}, "every 15 minutes at most"),
        ({"schedule": "at noon"}, "five parts"),
        ({"job": "synchronise"}, "one of Fanfare’s own"),
    ],
)
def test_a_workflow_that_cannot_be_scheduled_is_left_out_and_shown(
    runtime: Runtime, wrong: dict, sentence: str
):
    runtime.registry.add(Moulting(**wrong), name="moulting")

    defaults.ensure(runtime)

    shown = {info.name: info.trouble for info in runtime.registry.describe()}
    assert sentence in shown["moulting"][0]
    assert runtime.session.query(Workflow).filter_by(kind="pigeon").count() == 0


def test_one_that_charges_asks_or_waits_once_the_budget_is_spent(
    runtime: Runtime, plugin: Moulting, monkeypatch: pytest.MonkeyPatch
):
    price = Price(operation=Operation.INBOX, amount=Decimal("0.01"), label="Feather")
    monkeypatch.setattr(declared, "prices", lambda _runtime, _service: [price])
    service = runtime.session.query(Service).filter_by(internal_name="south").one()
    service.monthly_budget = Decimal(0)
    job = control.start(runtime, workflow(runtime).id)
    job.next_run_at = runtime.now()
    runtime.session.commit()

    for begun in control.due(runtime):
        runs.go_on(runtime, begun, task_of(runtime, "moult"))
    waiting = queries.runs(runtime, job)[0]
    home = todo.held_runs(runtime)

    assert plugin.calls == []
    assert (waiting.state, waiting.resume_at) == (RunState.WAITING, costs.next_month(runtime))
    assert [(need.label, "@south" in need.detail) for need in home] == [("Moult", True)]
    with pytest.raises(OverBudget, match="@south"):
        control.run_now(runtime, job.id)
    control.run_now(runtime, job.id, over_budget=True)
    runs.go_on(runtime, waiting.id, task_of(runtime, "moult"))
    assert waiting.state is RunState.DONE
    assert len(plugin.calls) == 2
