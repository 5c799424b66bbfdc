"""The task behind the workflows that plugins bring: service by service, step by step."""

from datetime import datetime, timedelta

from sqlalchemy import select

from channels import ChannelError, ChannelWorkflow, ErrorKind, StepResult
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services import costs
from webapp.services.channel import contract_guard
from webapp.services.client import Client
from webapp.services.connection import doctor
from webapp.services.limits import observed
from webapp.services.models import Service
from webapp.system.setup import suggested_workflows
from webapp.workflows import asking
from webapp.workflows.models import Run
from webapp.workflows.runs import Done, More, RunFailed, Step, Wait, journal

QUARTER = timedelta(minutes=15)
MOST_TRIES = 24


def step(runtime: Runtime, run: Run) -> Step:
    """Take one step for the service the run is at; its place says which, and the cursor."""
    workflow = runtime.registry.workflow(run.workflow.job, run.workflow.kind)
    if workflow is None:
        raise RunFailed(Notice("no_such_workflow"))
    service = _service(runtime, run)
    if service is None:
        return _verdict(run)
    over = [] if asking.agreed(run) else suggested_workflows.objections(runtime, run.workflow)
    if bool(over) is not bool(run.place.get(asking.HELD)):
        _move(run, **{asking.HELD: bool(over)})
    if over:
        reason = notices.together(*over, Notice("waits_for_budget"))
        return Wait(until=costs.next_month(runtime), reason=reason)
    try:
        result = _call(runtime, run, workflow, service)
    except ChannelError as fault:
        runtime.session.rollback()
        return _after(runtime, run, service, fault)
    _keep(runtime, run, service, result)
    return More()


def _service(runtime: Runtime, run: Run) -> Service | None:
    return runtime.session.scalar(
        select(Service)
        .where(
            Service.kind == run.workflow.kind,
            Service.removed_at.is_(None),
            Service.id >= run.place.get("service", 0),
        )
        .order_by(Service.id)
        .limit(1)
    )


def _call(runtime: Runtime, run: Run, workflow: ChannelWorkflow, service: Service) -> StepResult:
    """Call the plugin; whatever it raises against the contract ends the run with a sentence."""
    here = run.place.get("service") == service.id
    try:
        return Client(runtime, service).step(workflow, run.place.get("cursor") if here else None)
    except ChannelError as fault:
        if fault.code == contract_guard.PLUGIN_FAILED:
            raise RunFailed(notices.of(fault.message)) from fault
        raise
    except FanfareError as fault:
        raise RunFailed(notices.of(fault.message)) from fault


def _keep(runtime: Runtime, run: Run, service: Service, result: StepResult) -> None:
    run.done += result.done
    if result.note:
        journal(runtime, run, _named(service, result.note))
    if result.next_cursor is None:
        _next(run, service)
    else:
        _move(run, service=service.id, cursor=result.next_cursor, tries=0)
    runtime.session.commit()


def _after(runtime: Runtime, run: Run, service: Service, fault: ChannelError) -> Step:
    """Wait where waiting helps; otherwise note the fault and turn to the next service."""
    reason = _named(service, fault.message)
    tries = run.place.get("tries", 0) + 1
    if fault.kind in (ErrorKind.LIMITED, ErrorKind.TEMPORARY) and tries < MOST_TRIES:
        cursor = run.place.get("cursor") if run.place.get("service") == service.id else None
        _move(run, service=service.id, cursor=cursor, tries=tries)
        runtime.session.commit()
        return Wait(until=_again_at(runtime, fault), reason=reason)
    if fault.kind is ErrorKind.SENDER:
        doctor.needs_fixing(runtime, service, notices.of(fault.message))
    journal(runtime, run, reason, level="error")
    _next(run, service)
    _move(run, faults=run.place.get("faults", 0) + 1)
    runtime.session.commit()
    return More()


def _named(service: Service, said: str) -> Notice:
    return Notice("of_account", name=service.shown_name, why=notices.of(said))


def _again_at(runtime: Runtime, fault: ChannelError) -> datetime:
    """Return when to try again: as the network says, but never later than the longest wait.

    A plugin's call has no window whose length would tell a mistaken reset from a true one.
    """
    now = runtime.now()
    return min(fault.retry_at or now + QUARTER, now + observed.LONGEST)


def _next(run: Run, service: Service) -> None:
    _move(run, service=service.id + 1, cursor=None, tries=0)


def _move(run: Run, **place: object) -> None:
    # A new dictionary: a changed one would not be seen as changed.
    run.place = {**run.place, **place}


def _verdict(run: Run) -> Step:
    faults = run.place.get("faults", 0)
    if faults:
        raise RunFailed(Notice("services_failed", n=faults))
    return Done()
