import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy import func, select

from channels.clock import FileClock
from tests.support.factories import make_workflow
from tests.support.scheduler_process import claim_all
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.workflows.models import Run

WORKFLOWS, SCHEDULERS = 8, 3


def count(runtime: Runtime, column: Any) -> int:
    runtime.session.commit()
    return runtime.session.scalar(select(func.count(column))) or 0


@pytest.mark.several_writers
def test_schedulers_that_claim_at_once_begin_each_run_once(
    runtime: Runtime, settings: Settings, clock: FileClock
):
    due = runtime.now() + timedelta(hours=1)
    for number in range(WORKFLOWS):
        make_workflow(runtime, job=f"job{number}", next_run_at=due)

    with ProcessPoolExecutor(SCHEDULERS, mp_context=get_context("spawn")) as pool:
        both = [pool.submit(claim_all, settings, f"ticker{n}", due=due) for n in range(SCHEDULERS)]
        while count(runtime, Heartbeat.process) < SCHEDULERS and not any(
            one.done() for one in both
        ):
            time.sleep(0.05)
        clock.set(due)
        claimed = [item for one in both for item in one.result()]

    assert len(set(claimed)) == WORKFLOWS
    assert count(runtime, Run.id) == WORKFLOWS
