from dataclasses import replace
from datetime import timedelta

import pytest
from redis.exceptions import RedisError

from channels.clock import FileClock
from tests.deliveries.driving import begin, ready
from tests.factories import make_delivery, make_service, make_workflow
from webapp.deliveries import analysis, sending
from webapp.kernel.errors import Conflict
from webapp.kernel.queue import InlineQueue, QueueHealth
from webapp.kernel.runtime import Runtime
from webapp.system.scheduler import tick
from webapp.workflows import control
from webapp.workflows.models import Heartbeat, Run, RunState
from webapp.workflows.standstill import SCHEDULER, SILENT_AFTER


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

    assert queue.jobs == [
        ("webapp.system.jobs.run_workflow", (run.id,)),
        ("webapp.system.jobs.analyse_delivery", (draft.id,)),
        ("webapp.system.jobs.send_delivery", (delivery.id,)),
    ]


def test_work_a_broker_lost_is_asked_for_again_when_its_lease_ends(
    runtime: Runtime, queue: InlineQueue
):
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    tick(runtime, "here")
    queue.jobs.clear()
    run.leased_until = runtime.clock.system()
    runtime.session.commit()

    tick(runtime, "here")

    assert queue.jobs == [("webapp.system.jobs.run_workflow", (run.id,))]


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
    monkeypatch.setattr(claim, "claim_due", bug)

    assert tick(runtime, "here") == 2

    assert len(queue.jobs) == 2
    assert "a bug" in caplog.text


def test_an_outage_of_the_database_ends_the_tick(runtime: Runtime, monkeypatch):
    def gone(*_arguments: object) -> list[int]:
        raise RedisError("The broker is away.")

    monkeypatch.setattr(sending, "claim_due", gone)

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

    runs = {run.workflow_id: run for run in runtime.session.query(Run).order_by(Run.id)}
    assert len(runs) == runtime.session.query(Run).count() == 2
    assert runs[broken.id].state is RunState.FAILED
    assert runs[broken.id].reason == "The time zone Europe/Gone of the schedule is unknown."
    assert queue.jobs == [("webapp.system.jobs.run_workflow", (runs[sound.id].id,))]


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

    def enqueue(self, job: str, *arguments: int | str) -> bool:
        return False


def test_what_the_broker_did_not_take_is_asked_for_again_in_the_next_second(
    runtime: Runtime, queue: InlineQueue
):
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    delivery = begin(runtime, ready(runtime, make_service(runtime)))
    queue.jobs.clear()

    assert tick(replace(runtime, queue=Deaf()), "here") == 0
    assert tick(runtime, "here") == 2

    assert [arguments for _job, arguments in queue.jobs] == [(run.id,), (delivery.id,)]


def test_nothing_is_claimed_while_the_broker_does_not_answer(
    runtime: Runtime, queue: InlineQueue, monkeypatch: pytest.MonkeyPatch
):
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    with monkeypatch.context() as patch:
        patch.setattr(queue, "health", lambda: QueueHealth(broker=False))
        assert tick(runtime, "here") == 0
    runtime.session.refresh(run)

    assert run.leased_until is None
