"""Start, stop, pause, reschedule and run workflows; claim what is due for a worker."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import select, update

from webapp.kernel import faults, leases
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.workflows import asking, runs
from webapp.workflows.models import OPEN, Run, RunState, Workflow, WorkflowState
from webapp.workflows.schedules import cron
from webapp.workflows.schedules import due as schedules

log = logging.getLogger(__name__)

TRIED_AGAIN_AFTER = timedelta(hours=1)
# Who began a run that nobody asked for.
BY_SCHEDULE = ""


@requires(Permission.VIEW)
def get(runtime: Runtime, workflow_id: int) -> Workflow:
    """Return one workflow; raise `NotFound`."""
    found = runtime.session.get(Workflow, workflow_id)
    if found is None:
        raise NotFound(_("There is no such workflow."))
    return found


@requires(Permission.ADMIN)
def start(runtime: Runtime, workflow_id: int) -> Workflow:
    """Follow the schedule from now on."""
    workflow = get(runtime, workflow_id)
    workflow.state = WorkflowState.STARTED
    workflow.next_run_at = _next_or_refuse(runtime, workflow)
    return _saved(runtime, workflow, "workflow.start")


@requires(Permission.ADMIN)
def stop(runtime: Runtime, workflow_id: int, run_id: int | None = None) -> Workflow:
    """Follow the schedule no longer, and ask a run under way to end at its next step.

    `run_id` is the run somebody was asked about: raise `Conflict` and stop nothing once it is over,
    since another one that runs by then is not what they meant.
    """
    workflow = _locked(runtime, workflow_id)
    run = open_run(runtime, workflow)
    if run_id is not None and (run is None or run.id != run_id):
        raise Conflict(_("That run ended by itself meanwhile, so nothing was stopped."))
    workflow.state = WorkflowState.STOPPED
    workflow.next_run_at = None
    runtime.session.execute(
        update(Run)
        .where(Run.workflow_id == workflow.id, Run.state.in_(OPEN))
        .values(stop_asked=True, resume_at=runtime.now())
    )
    return _saved(runtime, workflow, "workflow.stop")


@requires(Permission.ADMIN)
def pause(runtime: Runtime, workflow_id: int) -> Workflow:
    """Keep the schedule but begin no run until it is resumed."""
    workflow = get(runtime, workflow_id)
    if workflow.state is not WorkflowState.STARTED:
        raise Conflict(_("Only a started workflow can be paused."))
    workflow.state = WorkflowState.PAUSED
    return _saved(runtime, workflow, "workflow.pause")


@requires(Permission.ADMIN)
def resume(runtime: Runtime, workflow_id: int) -> Workflow:
    """Follow the schedule again after a pause."""
    if get(runtime, workflow_id).state is not WorkflowState.PAUSED:
        raise Conflict(_("Only a paused workflow can go on."))
    return start(runtime, workflow_id)


@requires(Permission.ADMIN)
def reschedule(runtime: Runtime, workflow_id: int, schedule: str) -> Workflow:
    """Give a workflow another schedule, which is read by the clocks of whoever gives it.

    Raise `Invalid` when it is wrong or too dense.
    """
    plain = cron.checked(schedule)
    workflow = get(runtime, workflow_id)
    before = {"before": workflow.schedule, "zone_before": workflow.time_zone}
    workflow.schedule, workflow.time_zone = plain, runtime.zone.key
    if workflow.state is WorkflowState.STARTED:
        workflow.next_run_at = _next_or_refuse(runtime, workflow)
    after = {"after": plain, "zone_after": workflow.time_zone}
    runtime.record("workflow.reschedule", workflow, **before, **after)
    runtime.session.commit()
    return workflow


@requires(Permission.ADMIN)
def run_now(runtime: Runtime, workflow_id: int, *, over_budget: bool = False) -> Run:
    """Begin a run, also of a stopped workflow; a run under way goes on and is returned.

    Raise `OverBudget` where it would pass a budget, unless `over_budget` says that it may.
    """
    workflow = _locked(runtime, workflow_id)
    run = open_run(runtime, workflow, lock=True)
    rests = run is None or run.state is RunState.WAITING
    if rests and not over_budget:
        asking.refuse_unasked(runtime, workflow)
    run = run or _begin(runtime, workflow, runtime.actor.name)
    if rests and over_budget:
        asking.agree(run)
    run.resume_at = min(run.resume_at, runtime.now())
    runtime.record("workflow.run", workflow)
    runtime.session.commit()
    return run


def _locked(runtime: Runtime, workflow_id: int) -> Workflow:
    """Return one workflow that nobody else begins a run of before the next commit."""
    found = runtime.session.get(Workflow, workflow_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_("There is no such workflow."))
    return found


def open_run(runtime: Runtime, workflow: Workflow, *, lock: bool = False) -> Run | None:
    """Return the run that is under way, if any; `lock` keeps its worker from writing meanwhile."""
    query = select(Run).where(Run.workflow_id == workflow.id, Run.state.in_(OPEN))
    if lock:
        query = query.with_for_update(of=Run).execution_options(populate_existing=True)
    return runtime.session.scalar(query)


def due(runtime: Runtime) -> list[int]:
    """Turn due schedules into runs; return the runs to go on with that nobody has in hand.

    A schedule missed while nothing ran is made up for once. A run whose worker died is due again
    when its lease ends. Commits.
    """
    scheduled = select(Workflow).where(
        Workflow.state == WorkflowState.STARTED, Workflow.next_run_at <= runtime.now()
    )
    # Whoever holds one of them begins its run, and gives it its next time with that.
    mine = scheduled.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    for workflow in runtime.session.scalars(mine).all():
        _follow_alone(runtime, workflow)
    runtime.session.commit()
    query = select(Run.id).where(runs.is_due(runtime), leases.free(runtime, Run))
    return list(runtime.session.scalars(query.order_by(Run.id)))


def _follow_alone(runtime: Runtime, workflow: Workflow) -> None:
    """Follow one schedule, so that a bug in it keeps none of the others waiting."""
    workflow_id = workflow.id
    try:
        with runtime.session.begin_nested():
            _follow(runtime, workflow)
    except Exception as fault:
        if faults.is_outage(fault):
            raise
        log.exception("Workflow %s could not be followed.", workflow_id)


def _follow(runtime: Runtime, workflow: Workflow) -> None:
    """Begin the run that is due; a schedule that cannot be followed fails alone, with its reason.

    It is tried again in an hour: a zone that vanished with an update may be back then.
    """
    try:
        following = _next(runtime, workflow)
    except Exception as fault:  # noqa: BLE001 - it is logged where it is named
        why = _why_not_followed(workflow, fault)
        last = runtime.session.scalar(
            select(Run).where(Run.workflow_id == workflow.id).order_by(Run.id.desc()).limit(1)
        )
        if last is None or (last.reason.code, last.reason.values) != (why.code, why.values):
            run = _begin(runtime, workflow, BY_SCHEDULE)
            run.state, run.reason, run.ended_at = RunState.FAILED, why, runtime.now()
        workflow.next_run_at = runtime.now() + TRIED_AGAIN_AFTER
        return
    under_way = open_run(runtime, workflow, lock=True)
    held = under_way is not None and asking.is_held(under_way)
    if under_way is not None and held:
        # The other accounts are not kept waiting by one whose budget is spent.
        under_way.state, under_way.ended_at = RunState.FAILED, runtime.now()
    if under_way is None or held:
        _begin(runtime, workflow, BY_SCHEDULE)
    workflow.next_run_at = following


def _why_not_followed(workflow: Workflow, fault: Exception) -> Notice:
    if isinstance(fault, ZoneInfoNotFoundError):
        return Notice("zone_unknown", zone=workflow.time_zone)
    log.error("The schedule of workflow %s failed.", workflow.id, exc_info=fault)
    return Notice("schedule_broken", schedule=workflow.schedule)


def _begin(runtime: Runtime, workflow: Workflow, by: str) -> Run:
    now = runtime.now()
    run = Run(
        workflow_id=workflow.id,
        state=RunState.QUEUED,
        started_by=by,
        created_at=now,
        resume_at=now,
        checkpoint={},
        counts={},
    )
    runtime.session.add(run)
    return run


def _next(runtime: Runtime, workflow: Workflow) -> datetime:
    return schedules.next_time(workflow.schedule, workflow.time_zone, runtime.now())


def _next_or_refuse(runtime: Runtime, workflow: Workflow) -> datetime:
    """Return the next time; raise `Conflict` where the schedule cannot be followed."""
    try:
        return _next(runtime, workflow)
    except ZoneInfoNotFoundError as cause:
        raise Conflict(_why_not_followed(workflow, cause)) from cause


def _saved(runtime: Runtime, workflow: Workflow, action: str) -> Workflow:
    runtime.record(action, workflow)
    runtime.session.commit()
    return workflow
