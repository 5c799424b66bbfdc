"""What a worker held that died with its host is free before its lease is over."""

import pytest
from sqlalchemy import true

from tests.support.deliveries import begin, ready
from tests.support.factories import make_service, make_workflow
from tests.support.queues import InlineQueue
from webapp.deliveries.models import Delivery
from webapp.kernel import leases
from webapp.kernel.runtime import Runtime
from webapp.system.processes import abandoned
from webapp.system.processes.scheduler import tick
from webapp.workflows import control


@pytest.mark.parametrize("job", ["send_delivery", "run_workflow"])
def test_it_is_asked_for_again_in_the_next_second(runtime: Runtime, queue: InlineQueue, job: str):
    if job == "send_delivery":
        row = begin(runtime, ready(runtime, make_service(runtime)))
    else:
        row = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    tick(runtime, "here")
    [(path, (row_id, token))] = queue.jobs[-1:]
    assert leases.take(runtime, type(row), row.id, token, true())
    queue.jobs.clear()

    assert (path, row_id) == (f"webapp.system.jobs.{job}", row.id)
    assert tick(runtime, "here") == 0
    assert abandoned.free(runtime, path, row_id, token)
    assert tick(runtime, "here") == 1


def test_a_lease_that_another_worker_took_since_stays(runtime: Runtime, queue: InlineQueue):
    row = begin(runtime, ready(runtime, make_service(runtime)))
    assert leases.take(runtime, Delivery, row.id, "another", true())

    assert not abandoned.free(runtime, "webapp.system.jobs.send_delivery", row.id, "dead")
    assert not abandoned.free(runtime, "webapp.system.jobs.send_delivery", row.id, "")
    assert not abandoned.free(runtime, "webapp.system.jobs.something_else", row.id, "another")
