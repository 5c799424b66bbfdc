import json

import pytest

from tests.support.cli import Cli
from tests.support.factories import make_workflow
from tests.support.queues import InlineQueue
from webapp.kernel.background.availability import SCHEDULER
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.processes.queue import QueueHealth
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.workflows import commands, runs
from webapp.workflows.models import Run, Workflow, WorkflowState


@pytest.fixture
def workflow(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Workflow:
    monkeypatch.setattr(commands, "GRACE", 0)
    monkeypatch.setattr(commands, "POLL", 0)
    return make_workflow(runtime, state=WorkflowState.STOPPED)


def test_a_workflow_is_started_and_stopped(cli: Cli, workflow: Workflow):
    started = cli("workflow", "start", "synchronise")
    stopped = cli("workflow", "stop", str(workflow.id), "--json")

    assert "is started; next run" in started.out
    assert json.loads(stopped.out)["state"] == "stopped"


def test_a_mistyped_name_is_named_with_the_nearest(cli: Cli, workflow: Workflow):
    said = cli("workflow", "run", "syncronise", "--wait")

    assert said.code == 1
    assert "There is no workflow syncronise. Did you mean synchronise?" in said.err


@pytest.mark.parametrize("word", ["run", "start", "stop"])
def test_a_job_of_several_channels_is_refused_with_all_that_have_it(
    cli: Cli, runtime: Runtime, workflow: Workflow, word: str
):
    other = make_workflow(runtime, kind="pigeon", name="Synchronisation of pigeons")

    said = cli("workflow", word, "synchronise")

    assert said.code == 1
    assert said.err == (
        "fanfare: Several workflows are called synchronise. Give one by its number: "
        f"{workflow.id} {workflow.name}; {other.id} {other.name}.\n"
    )
    assert runtime.session.query(Run).count() == 0
    runtime.session.expire_all()
    states = {item.id: item.state for item in runtime.session.query(Workflow)}
    assert states == {workflow.id: WorkflowState.STOPPED, other.id: WorkflowState.STARTED}


def test_a_workflow_is_named_by_its_number_or_its_whole_name_where_its_job_is_not_enough(
    cli: Cli, runtime: Runtime, workflow: Workflow
):
    other = make_workflow(runtime, kind="pigeon", name="Synchronisation of pigeons")

    assert cli("workflow", "start", str(workflow.id)).code == 0
    assert cli("workflow", "stop", other.name).code == 0

    runtime.session.expire_all()
    states = {item.id: item.state for item in runtime.session.query(Workflow)}
    assert states == {workflow.id: WorkflowState.STARTED, other.id: WorkflowState.STOPPED}
    listed = json.loads(cli("workflow", "list", "--json").out)
    assert [row["channel"] for row in listed] == ["fake", "pigeon"]


class Steps:
    """A worker that does one page each time the command looks."""

    def __init__(self, runtime: Runtime, last: str) -> None:
        self.runtime = runtime
        self.tasks = [self.page, self.page, getattr(self, last)]

    def page(self, _runtime: Runtime, run: Run) -> runs.Step:
        run.done, run.total = run.done + 100, 250
        return runs.Wait(until=self.runtime.now(), reason=notices.of("One page"))

    def done(self, _runtime: Runtime, run: Run) -> runs.Step:
        run.done, run.counts = 250, {"new": 250}
        run.checkpoint = {"spent": {"1": {"name": "ateliernord", "cost": "8.18"}}}
        return runs.Done()

    def broken(self, _runtime: Runtime, _run: Run) -> runs.Step:
        raise runs.RunFailed("@ateliernord: The token is wrong.")

    def __call__(self, _seconds: float) -> None:
        run = self.runtime.session.query(Run).one()
        runs.go_on(self.runtime, run.id, self.tasks.pop(0))


@pytest.fixture
def alive(runtime: Runtime) -> None:
    """A scheduler that gave a sign of life."""
    runtime.session.add(Heartbeat(process=SCHEDULER, seen_at=runtime.clock.system(), held_by="x"))
    runtime.session.commit()


def test_waiting_tells_the_progress_and_ends_with_the_result(
    cli: Cli, runtime: Runtime, workflow: Workflow, alive: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(commands.time, "sleep", Steps(runtime, "done"))

    said = cli("workflow", "run", "synchronise", "--wait")

    assert said.code == 0
    assert "100 of 250" in said.err
    assert "200 of 250" in said.err
    assert said.out.endswith("done. 250 new, cost $8.18\n")


def test_a_run_that_failed_ends_with_its_reason(
    cli: Cli, runtime: Runtime, workflow: Workflow, alive: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(commands.time, "sleep", Steps(runtime, "broken"))

    said = cli("workflow", "run", "synchronise", "--wait", "--json")

    assert said.code == 1
    assert json.loads(said.out)["state"] == "failed"
    assert said.err == ("fanfare: The run ended as failed: @ateliernord: The token is wrong.\n")


DOWN = {
    "broker": (QueueHealth(broker=False), "The broker does not answer. Start Redis or Valkey"),
    "worker": (QueueHealth(broker=True), "No worker runs. Start one with ./run worker"),
    "scheduler": (QueueHealth(broker=True, workers=1), "The scheduler does not run. Start it"),
}


@pytest.mark.parametrize("part", DOWN)
def test_waiting_ends_with_a_sentence_when_nothing_can_work_on_it(
    cli: Cli,
    runtime: Runtime,
    workflow: Workflow,
    queue: InlineQueue,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
):
    health, sentence = DOWN[part]
    monkeypatch.setattr(queue, "health", lambda: health)

    said = cli("workflow", "run", "synchronise", "--wait")

    assert said.code == 1
    assert sentence in said.err
    assert "Nothing is lost" in said.err
    assert runtime.session.query(Run).one().state.value == "queued"
