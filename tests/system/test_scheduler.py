from datetime import timedelta

from tests.deliveries.driving import begin, ready
from tests.factories import make_delivery, make_service, make_workflow
from webapp.deliveries import analysis
from webapp.kernel.queue import InlineQueue
from webapp.kernel.runtime import Runtime
from webapp.system.scheduler import tick
from webapp.workflows import control
from webapp.workflows.models import Heartbeat
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
