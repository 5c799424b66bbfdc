"""A task that goes from account to account waits out what passes, but never for years."""

from datetime import timedelta

import pytest

from channels import ChannelError, ErrorKind
from tests.support.factories import make_service, make_workflow
from webapp.kernel.runtime import Runtime
from webapp.services.limits import observed
from webapp.services.models import Service
from webapp.workflows import per_service
from webapp.workflows.models import Run, RunState
from webapp.workflows.per_service import QUARTER, Walk
from webapp.workflows.runs import Done, More, RunFailed, Wait

WALK = Walk(beginning={"after": 0}, passing=(ErrorKind.TEMPORARY,), most_tries=3)


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def run(runtime: Runtime, service: Service) -> Run:
    now = runtime.now()
    run = Run(
        workflow_id=make_workflow(runtime, kind="fake").id,
        state=RunState.RUNNING,
        started_by="",
        created_at=now,
        resume_at=now,
    )
    run.checkpoint = {"service": service.id, "after": 7}
    runtime.session.add(run)
    runtime.session.commit()
    return run


def fault(kind: ErrorKind, **more: object) -> ChannelError:
    return ChannelError("The network is busy.", kind=kind, code="busy", **more)


def test_a_place_inside_an_account_is_kept_while_a_fault_is_waited_out(
    runtime: Runtime, run: Run, service: Service
):
    step = WALK.after(runtime, run, service, fault(ErrorKind.TEMPORARY))

    assert isinstance(step, Wait)
    assert step.until == runtime.now() + QUARTER
    assert run.checkpoint == {"service": service.id, "after": 7, "tries": 1}


def test_a_network_that_says_to_come_back_in_years_is_asked_before(
    runtime: Runtime, run: Run, service: Service
):
    far = runtime.now() + timedelta(days=4_000)

    step = WALK.after(runtime, run, service, fault(ErrorKind.TEMPORARY, retry_at=far))

    assert step.until == runtime.now() + observed.LONGEST


def test_after_too_many_tries_the_next_account_follows_and_the_run_fails_at_its_end(
    runtime: Runtime, run: Run, service: Service
):
    other = make_service(runtime)
    per_service.move(run, tries=2)
    runtime.session.commit()

    step = WALK.after(runtime, run, service, fault(ErrorKind.TEMPORARY))

    assert isinstance(step, More)
    assert per_service.current(runtime, run) == other
    assert WALK.place(run, other) == {"after": 0}
    with pytest.raises(RunFailed):
        per_service.conclude(run)


def test_a_run_in_which_no_account_failed_is_done(run: Run):
    assert isinstance(per_service.conclude(run), Done)
