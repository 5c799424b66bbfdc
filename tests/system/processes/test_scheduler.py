from dataclasses import replace
from datetime import timedelta

import pytest
from redis.exceptions import RedisError

from channels.clock import FileClock
from tests.support.crash import MachineClock
from tests.support.deliveries import begin, ready
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.queues import InlineQueue
from webapp.deliveries import analysis, sending
from webapp.deliveries.models import Delivery
from webapp.kernel import leases
from webapp.kernel.background.availability import SCHEDULER, SILENT_AFTER
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.errors import Conflict
from webapp.kernel.processes.queue import QueueHealth
from webapp.kernel.runtime import Runtime
from webapp.services.connection import renewing
from webapp.system.processes.scheduler import tick
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunState, Workflow


def asked_for(queue: InlineQueue) -> list[tuple[str, int | str]]:
    """The jobs that wait, and the rows they are about; each has a token of its own."""
    tokens = [token for _job, (_row_id, token) in queue.jobs]
    assert len({*tokens}) == len(tokens)
    return [(job.rpartition(".")[2], row_id) for job, (row_id, _token) in queue.jobs]


def test_a_tick_asks_workers_for_all_that_is_due_and_only_once(
    runtime: Runtime, queue: InlineQueue
):
    service = make_service(runtime)
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    draft = make_delivery(runtime, service)
    analysis.start(runtime, draft.id)
    delivery = begin(runtime, ready(runtime, service))
    queue.jobs.clear()

    assert tick(runtime, "here") == 3
    assert tick(runtime, "here") == 0

    assert asked_for(queue) == [
        ("run_workflow", run.id),
        ("analyse_delivery", draft.id),
        ("send_delivery", delivery.id),
    ]


def test_a_session_that_is_due_is_looked_after_whether_somebody_uses_it_or_not(
    runtime: Runtime, queue: InlineQueue
):
    service = make_service(runtime, renew_at=runtime.now() + timedelta(seconds=1))
    assert tick(runtime, "here") == 0

    service.renew_at = runtime.now()
    runtime.session.commit()
    assert tick(runtime, "here") == 1
    assert asked_for(queue) == [("renew_session", service.id)]

    renewing.renew(runtime, service.id)
    runtime.session.refresh(service)
    assert service.renew_at is None, "An account without a session needs no looking after."


def test_work_a_broker_lost_is_asked_for_again_in_the_next_second(
    runtime: Runtime, queue: InlineQueue
):
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    tick(runtime, "here")
    queue.jobs.clear()

    tick(runtime, "here")

    assert asked_for(queue) == [("run_workflow", run.id)]


def test_what_a_job_has_in_hand_is_asked_for_again_when_its_lease_ends(
    runtime: Runtime, queue: InlineQueue
):
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    assert leases.take(runtime, Run, run.id, "a job that died", runs.is_due(runtime))

    assert tick(runtime, "here") == 0
    runtime.session.refresh(run)
    run.leased_until = runtime.clock.system()
    runtime.session.commit()

    assert tick(runtime, "here") == 1


def test_no_more_jobs_wait_than_rows_are_due_however_long_no_worker_is_free(
    runtime: Runtime, queue: InlineQueue, clock: FileClock
):
    service = make_service(runtime)
    due = {begin(runtime, ready(runtime, service, people=1)).id for _number in range(5)}
    lease = timedelta(seconds=runtime.settings.lease_seconds)
    later = MachineClock(clock.path)
    busy = replace(runtime, clock=later)
    queue.jobs.clear()

    for _lease in range(6):
        tick(busy, "here")
        later.ahead += lease

    assert sorted(row_id for _job, row_id in asked_for(queue)) == sorted(due)


def test_a_second_scheduler_stands_by_while_the_first_lives(runtime: Runtime, queue: InlineQueue):
    tick(runtime, "first")
    control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)

    assert tick(runtime, "second") == 0
    assert queue.jobs == []
    assert tick(runtime, "first") == 1


def test_a_second_scheduler_takes_over_from_one_that_fell_silent(
    runtime: Runtime, queue: InlineQueue
):
    tick(runtime, "first")
    row = runtime.session.get(Heartbeat, SCHEDULER)
    row.seen_at -= SILENT_AFTER + timedelta(seconds=1)
    runtime.session.commit()
    control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)

    assert tick(runtime, "second") == 1
    assert tick(runtime, "first") == 0


def bug(*_arguments: object) -> list[int]:
    raise KeyError("a bug")


@pytest.mark.parametrize("claim", [control, analysis, sending])
def test_a_claim_that_fails_keeps_no_other_from_being_asked_for(
    runtime: Runtime, queue: InlineQueue, monkeypatch, caplog, claim
):
    service = make_service(runtime)
    control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    analysis.start(runtime, make_delivery(runtime, service).id)
    begin(runtime, ready(runtime, service))
    queue.jobs.clear()
    monkeypatch.setattr(claim, "due", bug)

    assert tick(runtime, "here") == 2

    assert len(queue.jobs) == 2
    assert "a bug" in caplog.text


def test_an_outage_of_the_database_ends_the_tick(runtime: Runtime, monkeypatch):
    def gone(*_arguments: object) -> list[int]:
        raise RedisError("The broker is away.")

    monkeypatch.setattr(sending, "due", gone)

    with pytest.raises(RedisError):
        tick(runtime, "here")


def test_a_schedule_in_an_unknown_zone_fails_alone_and_says_so_once(
    runtime: Runtime, queue: InlineQueue, clock: FileClock
):
    broken = make_workflow(
        runtime, kind="other", next_run_at=runtime.now(), time_zone="Europe/Gone"
    )
    sound = make_workflow(runtime, next_run_at=runtime.now())

    for _hour in range(2):
        tick(runtime, "here")
        clock.advance(timedelta(hours=1))

    found = {run.workflow_id: run for run in runtime.session.query(Run).order_by(Run.id)}
    assert len(found) == runtime.session.query(Run).count() == 2
    assert found[broken.id].state is RunState.FAILED
    assert found[broken.id].reason == "The time zone Europe/Gone of the schedule is unknown."
    assert asked_for(queue) == [("run_workflow", found[sound.id].id)]


def test_a_bug_in_one_schedule_keeps_no_other_from_being_followed(
    runtime: Runtime, queue: InlineQueue, monkeypatch: pytest.MonkeyPatch, caplog
):
    for number in range(3):
        make_workflow(runtime, job=f"job{number}", next_run_at=runtime.now())
    open_run = control.open_run

    def fails_for_one(runtime: Runtime, workflow: Workflow, **named: bool) -> Run | None:
        return bug() if workflow.job == "job1" else open_run(runtime, workflow, **named)

    monkeypatch.setattr(control, "open_run", fails_for_one)

    assert tick(runtime, "here") == 2
    assert "a bug" in caplog.text


def test_a_schedule_goes_on_when_its_zone_is_back(
    runtime: Runtime, queue: InlineQueue, clock: FileClock
):
    workflow = make_workflow(runtime, next_run_at=runtime.now(), time_zone="Europe/Gone")
    tick(runtime, "here")
    workflow.time_zone = "Europe/Paris"
    runtime.session.commit()
    clock.advance(timedelta(hours=1))

    assert tick(runtime, "here") == 1


def test_a_workflow_in_an_unknown_zone_is_not_started(runtime: Runtime):
    workflow = make_workflow(runtime, next_run_at=None, time_zone="Europe/Gone")

    with pytest.raises(Conflict, match="Europe/Gone"):
        control.start(runtime, workflow.id)


class Deaf(InlineQueue):
    """A broker that answers, and takes nothing."""

    def enqueue(self, job: str, *arguments: int | str, name: str = "") -> bool:
        return False


def test_what_the_broker_did_not_take_is_asked_for_again_in_the_next_second(
    runtime: Runtime, queue: InlineQueue
):
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    delivery = begin(runtime, ready(runtime, make_service(runtime)))
    queue.jobs.clear()

    assert tick(replace(runtime, queue=Deaf()), "here") == 0
    assert tick(runtime, "here") == 2

    assert [row_id for _job, row_id in asked_for(queue)] == [run.id, delivery.id]


def test_nothing_is_asked_for_while_the_broker_does_not_answer(
    runtime: Runtime, queue: InlineQueue, monkeypatch: pytest.MonkeyPatch
):
    control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    with monkeypatch.context() as patch:
        patch.setattr(queue, "health", lambda: QueueHealth(broker=False))
        assert tick(runtime, "here") == 0

    assert queue.jobs == []


class Idle(InlineQueue):
    """A queue whose workers have nothing to do."""

    idle = 3

    def health(self) -> QueueHealth:
        return replace(super().health(), workers=4, idle=self.idle)


def led(runtime: Runtime, *, people: int = 2) -> Delivery:
    """A delivery that a worker leads, with more to send."""
    delivery = begin(runtime, ready(runtime, make_service(runtime), people=people))
    token = f"leads {delivery.id}"
    assert leases.take(runtime, Delivery, delivery.id, token, sending.is_due(runtime))
    return delivery


def test_workers_that_nothing_waits_for_help_with_what_others_lead(runtime: Runtime):
    queue = Idle()
    delivery = led(runtime)

    assert tick(replace(runtime, queue=queue), "here") == 3

    helped = ("webapp.system.jobs.help_delivery", (delivery.id, f"leads {delivery.id}"))
    assert queue.jobs == [helped] * 3
    assert tick(replace(runtime, queue=queue), "here") == 0


def test_nobody_is_asked_to_help_while_no_worker_is_idle_or_other_work_waits(runtime: Runtime):
    queue = Idle()
    led(runtime)
    busy = replace(runtime, queue=InlineQueue())
    assert tick(busy, "here") == 0

    for number in range(3):
        control.run_now(runtime, make_workflow(runtime, job=f"job{number}", next_run_at=None).id)
    tick(replace(runtime, queue=queue), "here")

    assert [job for job, _arguments in queue.jobs] == ["webapp.system.jobs.run_workflow"] * 3
