"""The task behind the workflows that plugins bring: service by service, step by step."""

from channels import ChannelError, ChannelWorkflow, ErrorKind, StepResult
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice
from webapp.services import costs
from webapp.services.channel import contract_guard
from webapp.services.client import Client
from webapp.services.models import Service
from webapp.system.setup import suggested_workflows
from webapp.workflows import asking, per_service
from webapp.workflows.models import Run
from webapp.workflows.per_service import Walk
from webapp.workflows.runs import More, RunFailed, Step, Wait, journal

PASSING = (ErrorKind.LIMITED, ErrorKind.TEMPORARY)
WALK = Walk(beginning={"cursor": None}, passing=PASSING, most_tries=24)


def step(runtime: Runtime, run: Run) -> Step:
    """Take one step for the service the run is at; its place says which, and the cursor."""
    workflow = runtime.registry.workflow(run.workflow.job, run.workflow.kind)
    if workflow is None:
        raise RunFailed(Notice("no_such_workflow"))
    service = per_service.current(runtime, run)
    if service is None:
        return per_service.conclude(run)
    over = [] if asking.agreed(run) else suggested_workflows.objections(runtime, run.workflow)
    if bool(over) is not bool(run.checkpoint.get(asking.HELD)):
        per_service.move(run, **{asking.HELD: bool(over)})
    if over:
        reason = notices.together(*over, Notice("waits_for_budget"))
        return Wait(until=costs.next_month(runtime), reason=reason)
    try:
        result = _call(runtime, run, workflow, service)
    except ChannelError as fault:
        return WALK.after(runtime, run, service, fault)
    _keep(runtime, run, service, result)
    return More()


def _call(runtime: Runtime, run: Run, workflow: ChannelWorkflow, service: Service) -> StepResult:
    """Call the plugin; whatever it raises against the contract ends the run with a sentence."""
    cursor = WALK.place(run, service)["cursor"]
    try:
        return Client(runtime, service).step(workflow, cursor)
    except ChannelError as fault:
        if fault.code == contract_guard.PLUGIN_FAILED:
            raise RunFailed(notices.of(fault.message)) from fault
        raise
    except FanfareError as fault:
        raise RunFailed(notices.of(fault.message)) from fault


def _keep(runtime: Runtime, run: Run, service: Service, result: StepResult) -> None:
    run.done += result.done
    if result.note:
        journal(runtime, run, per_service.named(service, notices.of(result.note)))
    if result.next_cursor is None:
        WALK.turn(run, service)
    else:
        WALK.stay(run, service, cursor=result.next_cursor)
    runtime.session.commit()
