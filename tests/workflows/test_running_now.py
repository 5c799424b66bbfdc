"""Running a workflow at the same moment as somebody else, each in a session of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.factories import make_workflow
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.workflows import control
from webapp.workflows.models import Run, Workflow, WorkflowState

WRITERS, TIMES = 4, 10


def at_once(runtime: Runtime, *works: Callable[[Runtime], object]) -> None:
    """Do every work in a thread of its own, all from the same moment."""
    engine, ready = db.engine, Barrier(len(works))

    def do(work: Callable[[Runtime], object]) -> None:
        with Session(engine, expire_on_commit=False) as session:
            session.execute(select(1))
            session.commit()
            ready.wait(timeout=30)
            work(replace(runtime, session=session))

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(do, work) for work in works]:
            done.result()


def runs_of(runtime: Runtime, workflow: Workflow) -> int:
    runtime.session.commit()
    query = select(func.count(Run.id)).where(Run.workflow_id == workflow.id)
    return runtime.session.scalar(query) or 0


@pytest.mark.several_writers
def test_running_now_several_times_at_once_begins_one_run(runtime: Runtime):
    for number in range(TIMES):
        workflow = make_workflow(runtime, job=f"job{number}", state=WorkflowState.STOPPED)
        runtime.session.commit()

        at_once(runtime, *[lambda own, it=workflow.id: control.run_now(own, it)] * WRITERS)

        assert runs_of(runtime, workflow) == 1


@pytest.mark.several_writers
def test_running_now_while_the_schedule_begins_a_run_begins_one_run(runtime: Runtime):
    for number in range(TIMES):
        workflow = make_workflow(runtime, job=f"job{number}", next_run_at=runtime.now())
        runtime.session.commit()

        at_once(
            runtime,
            lambda own, it=workflow.id: control.run_now(own, it),
            control.due,
            control.due,
        )

        assert runs_of(runtime, workflow) == 1
