from datetime import timedelta

import pytest
from redis.exceptions import RedisError
from sqlalchemy import select, update

from tests.support.factories import make_workflow
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunEntry, RunState
from webapp.workflows.runs import Done, More, RunFailed, Wait


@pytest.fixture
def run(runtime: Runtime) -> Run:
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    control.due(runtime)
    runtime.session.refresh(run)
    return run


def journal(runtime: Runtime, run: Run) -> list[tuple[str, str]]:
    query = select(RunEntry.level, RunEntry.text).where(RunEntry.run_id == run.id)
    return [tuple(row) for row in runtime.session.execute(query.order_by(RunEntry.id))]


def in_turn(*outcomes: object):
    """A task whose steps end as told; an error is raised."""
    left = list(outcomes)

    def task(_runtime: Runtime, _run: Run) -> runs.Step:
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return task


def test_a_run_goes_step_by_step_to_its_end(runtime: Runtime, run: Run):
    runs.go_on(runtime, run.id, in_turn(More(), More(), Done()))

    assert (run.state, run.reason, run.leased_until) == (RunState.DONE, "", None)
    assert run.started_at == run.ended_at == runtime.now()
    assert journal(runtime, run) == [("info", "Started by test"), ("info", "Done")]


def test_a_run_that_waits_is_handed_back_with_its_reason(runtime: Runtime, run: Run):
    until = runtime.now() + timedelta(minutes=15)

    runs.go_on(runtime, run.id, in_turn(Wait(until=until, reason=notices.of("The limit is spent"))))

    assert (run.state, run.resume_at, run.leased_until) == (RunState.WAITING, until, None)
    assert journal(runtime, run)[-1] == ("info", "The limit is spent")


def test_a_run_that_cannot_go_on_fails_with_its_sentence(runtime: Runtime, run: Run):
    runs.go_on(runtime, run.id, in_turn(More(), RunFailed("The account is gone.")))

    assert (run.state, run.reason) == (RunState.FAILED, "The account is gone.")
    assert journal(runtime, run)[-1] == ("error", "The account is gone.")


def test_an_error_nobody_foresaw_ends_the_run_and_keeps_its_secrets(runtime: Runtime, run: Run):
    runs.go_on(runtime, run.id, in_turn(ZeroDivisionError("token=abc")))

    assert run.state is RunState.FAILED
    assert run.reason == "Something went wrong inside Fanfare; see the log."


def test_what_a_failing_step_left_half_done_is_undone(runtime: Runtime, run: Run):
    def task(_runtime: Runtime, run: Run) -> runs.Step:
        run.done = 99
        raise RunFailed("Half way.")

    runs.go_on(runtime, run.id, task)

    assert (run.done, run.reason) == (0, "Half way.")


def test_a_run_asked_to_stop_ends_before_its_next_step(runtime: Runtime, run: Run):
    def task(runtime: Runtime, run: Run) -> runs.Step:
        control.stop(runtime, run.workflow_id)
        return More()

    runs.go_on(runtime, run.id, task)

    assert (run.state, run.reason) == (RunState.STOPPED, "Stopped by an operator")


def test_a_slice_that_is_over_hands_the_run_to_the_next_worker(
    runtime: Runtime, run: Run, monkeypatch: pytest.MonkeyPatch
):
    start = runtime.clock.system()
    later = iter([*[timedelta()] * 3, *[timedelta(hours=1)] * 9])
    monkeypatch.setattr(type(runtime.clock), "system", lambda _clock: start + next(later))

    runs.go_on(runtime, run.id, in_turn(More()))

    assert (run.state, run.leased_until) == (RunState.RUNNING, None)


def test_a_long_run_keeps_its_lease(runtime: Runtime, run: Run, monkeypatch: pytest.MonkeyPatch):
    lease = timedelta(seconds=runtime.settings.lease_seconds)
    start = runtime.clock.system()
    clock = {"now": start}
    monkeypatch.setattr(type(runtime.clock), "system", lambda _clock: clock["now"])
    kept = []

    def task(_runtime: Runtime, run: Run) -> runs.Step:
        kept.append(run.leased_until - clock["now"])
        clock["now"] += timedelta(seconds=4)
        return More() if len(kept) < 5 else Done()

    runs.go_on(runtime, run.id, task)

    assert len(kept) == 5
    assert min(kept) >= lease / 2


def test_a_run_that_is_over_is_not_taken_up_again(runtime: Runtime, run: Run):
    runs.go_on(runtime, run.id, in_turn(Done()))

    runs.go_on(runtime, run.id, in_turn(RunFailed("It ran again.")))

    assert run.state is RunState.DONE


def test_an_outage_is_outlived(runtime: Runtime, run: Run):
    with pytest.raises(RedisError):
        runs.go_on(runtime, run.id, in_turn(More(), RedisError("The broker is away.")), "dies")
    assert leases.free_of(runtime, Run, run.id, "dies")

    runs.go_on(runtime, run.id, in_turn(Done()))

    assert run.state is RunState.DONE


def another_takes(runtime: Runtime, run: Run) -> Runtime:
    """Another worker takes the run over, because this one was silent for too long."""
    runtime.session.execute(update(Run).values(leased_until=None))
    taken = leases.take(runtime, Run, run.id, "another", runs.is_due(runtime))
    assert taken
    return taken


def test_a_job_that_waited_too_long_takes_no_step_beside_the_living_worker(
    runtime: Runtime, run: Run
):
    another_takes(runtime, run)

    runs.go_on(runtime, run.id, in_turn(), "stale")

    runtime.session.refresh(run)
    assert (run.state, run.lease_token) == (RunState.QUEUED, "another")
    assert journal(runtime, run) == []


def test_a_job_takes_no_step_of_a_run_that_waits_for_its_time(runtime: Runtime, run: Run):
    until = runtime.now() + timedelta(hours=1)
    runs.go_on(runtime, run.id, in_turn(Wait(until=until, reason=notices.of("The limit is spent"))))

    runs.go_on(runtime, run.id, in_turn(), "stale")

    assert (run.state, run.resume_at, run.lease_token) == (RunState.WAITING, until, "")


def test_a_worker_whose_run_another_took_over_writes_nothing_of_it(runtime: Runtime, run: Run):
    def task(held_up: Runtime, run: Run) -> runs.Step:
        another_takes(runtime, run)
        run.checkpoint = {"page": 2}
        held_up.session.commit()
        return More()

    runs.go_on(runtime, run.id, task, "held up")

    runtime.session.refresh(run)
    assert (run.state, run.checkpoint, run.lease_token) == (RunState.RUNNING, {}, "another")
    assert journal(runtime, run) == [("info", "Started by test")]


def test_a_step_that_fails_after_another_took_the_run_ends_nothing(runtime: Runtime, run: Run):
    def task(_runtime: Runtime, run: Run) -> runs.Step:
        another_takes(runtime, run)
        raise RunFailed("Too late.")

    runs.go_on(runtime, run.id, task, "held up")

    runtime.session.refresh(run)
    assert (run.state, run.lease_token) == (RunState.RUNNING, "another")


def test_a_wait_does_not_overwrite_a_stop_made_meanwhile(runtime: Runtime, run: Run):
    def task(runtime: Runtime, run: Run) -> runs.Step:
        control.stop(runtime, run.workflow_id)
        return Wait(
            until=runtime.now() + timedelta(hours=5), reason=notices.of("The limit is spent")
        )

    runs.go_on(runtime, run.id, task)
    assert control.due(runtime) == [run.id]
    runs.go_on(runtime, run.id, in_turn())

    assert (run.state, run.reason) == (RunState.STOPPED, "Stopped by an operator")
