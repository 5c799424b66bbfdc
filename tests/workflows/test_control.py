from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from channels.clock import FileClock
from tests.support.factories import actions, make_workflow
from webapp.kernel import leases
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunState, Workflow, WorkflowState

# The test clock stands on Monday 23 November 2026, 10:00 in Paris.
THURSDAY = datetime(2026, 11, 26, 6, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def workflow(runtime: Runtime) -> Workflow:
    return make_workflow(runtime, state=WorkflowState.STOPPED)


def runs_of(runtime: Runtime) -> int:
    return runtime.session.scalar(select(func.count(Run.id))) or 0


def test_a_stopped_workflow_follows_no_schedule(
    runtime: Runtime, clock: FileClock, workflow: Workflow
):
    clock.advance(timedelta(days=30))

    assert control.due(runtime) == []
    assert runs_of(runtime) == 0


def test_a_started_workflow_runs_when_its_time_comes(
    runtime: Runtime, clock: FileClock, workflow: Workflow
):
    control.start(runtime, workflow.id)
    assert workflow.next_run_at == THURSDAY
    clock.set(THURSDAY - timedelta(seconds=1))
    assert control.due(runtime) == []
    clock.set(THURSDAY)

    claimed = control.due(runtime)

    assert len(claimed) == 1
    assert runtime.session.get(Run, claimed[0]).started_by == control.BY_SCHEDULE
    assert workflow.next_run_at == THURSDAY + WEEK


def test_schedules_missed_while_nothing_ran_are_made_up_for_once(
    runtime: Runtime, clock: FileClock, workflow: Workflow
):
    control.start(runtime, workflow.id)
    clock.set(THURSDAY + 3 * WEEK + timedelta(hours=2))

    control.due(runtime)
    control.due(runtime)

    assert runs_of(runtime) == 1
    assert workflow.next_run_at == THURSDAY + 4 * WEEK


def test_a_run_still_under_way_when_the_next_is_due_is_the_only_one(
    runtime: Runtime, clock: FileClock, workflow: Workflow
):
    control.start(runtime, workflow.id)
    clock.set(THURSDAY)
    control.due(runtime)
    clock.advance(WEEK)

    control.due(runtime)

    assert runs_of(runtime) == 1
    assert workflow.next_run_at == THURSDAY + 2 * WEEK


def test_a_leased_run_is_nobody_elses_until_its_lease_ends(runtime: Runtime, workflow: Workflow):
    run = control.run_now(runtime, workflow.id)

    assert leases.take(runtime, Run, run.id, "mine", runs.is_due(runtime))
    assert control.due(runtime) == []

    runtime.session.refresh(run)
    run.leased_until = runtime.clock.system() - timedelta(seconds=1)
    runtime.session.commit()
    assert control.due(runtime) == [run.id]


def test_a_paused_workflow_begins_nothing_and_goes_on_from_now(
    runtime: Runtime, clock: FileClock, workflow: Workflow
):
    control.start(runtime, workflow.id)
    control.pause(runtime, workflow.id)
    clock.set(THURSDAY + timedelta(hours=1))
    assert control.due(runtime) == []

    control.resume(runtime, workflow.id)

    assert control.due(runtime) == []
    assert workflow.next_run_at == THURSDAY + WEEK


def test_a_stopped_workflow_can_be_run_now(runtime: Runtime, workflow: Workflow):
    run = control.run_now(runtime, workflow.id)

    assert control.due(runtime) == [run.id]
    assert (run.started_by, workflow.state) == ("test", WorkflowState.STOPPED)


def test_running_now_goes_on_with_a_run_that_waits(runtime: Runtime, workflow: Workflow):
    run = control.run_now(runtime, workflow.id)
    run.state, run.resume_at = RunState.WAITING, runtime.now() + timedelta(hours=1)
    runtime.session.commit()
    assert control.due(runtime) == []

    again = control.run_now(runtime, workflow.id)

    assert (again.id, control.due(runtime)) == (run.id, [run.id])


def test_stopping_asks_a_run_under_way_to_end(runtime: Runtime, workflow: Workflow):
    control.start(runtime, workflow.id)
    run = control.run_now(runtime, workflow.id)

    control.stop(runtime, workflow.id)

    runtime.session.refresh(run)
    assert (run.stop_asked, workflow.next_run_at) == (True, None)


def test_a_new_schedule_counts_from_now_for_a_started_workflow(
    runtime: Runtime, workflow: Workflow
):
    control.start(runtime, workflow.id)

    control.reschedule(runtime, workflow.id, " 0  12 * * * ")

    assert workflow.schedule == "0 12 * * *"
    assert workflow.next_run_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert actions(runtime)[-1] == "workflow.reschedule"


def test_a_new_schedule_starts_nothing_that_is_stopped(runtime: Runtime, workflow: Workflow):
    control.reschedule(runtime, workflow.id, "0 12 * * *")

    assert workflow.next_run_at is None


@pytest.mark.parametrize("schedule", ["", "30 7", "61 7 * * *", "0 0 31 2 *", "*/5 * * * *"])
def test_a_schedule_that_cannot_be_followed_changes_nothing(
    runtime: Runtime, workflow: Workflow, schedule: str
):
    with pytest.raises(Invalid):
        control.reschedule(runtime, workflow.id, schedule)

    assert workflow.schedule == "30 7 * * 4"


def test_what_makes_no_sense_in_a_state_is_refused(runtime: Runtime, workflow: Workflow):
    with pytest.raises(Conflict, match="Only a started workflow"):
        control.pause(runtime, workflow.id)
    with pytest.raises(Conflict, match="Only a paused workflow"):
        control.resume(runtime, workflow.id)
    with pytest.raises(NotFound):
        control.start(runtime, 4711)
