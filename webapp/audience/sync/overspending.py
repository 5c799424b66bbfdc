"""A synchronisation that would pass the budget of an account's month is asked about, or waits.

Whoever begins one is asked first. One that begins by its schedule reads the other accounts, and
then waits until the budget is raised or the next month begins.
"""

from sqlalchemy import select

from channels import ChannelError
from webapp.audience.sync import SYNCHRONISE, state
from webapp.audience.sync import estimate as sync_cost
from webapp.audience.sync.estimate import Estimate
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import NOTHING, Notice, Paid
from webapp.services import costs
from webapp.services.models import Service
from webapp.workflows import asking
from webapp.workflows.models import Run, RunState, Workflow


def objections(runtime: Runtime, workflow: Workflow) -> list[Notice]:
    """Return a sentence for each account whose budget a run begun now would pass."""
    if workflow.job != SYNCHRONISE:
        return []
    try:
        found = sync_cost.of_workflow(runtime, workflow)
    except ChannelError:
        # A plugin that cannot tell its prices is met by the run itself, which names the fault.
        return []
    return [_of_account(item) for item in found if item.passes_budget]


def _of_account(estimate: Estimate) -> Notice:
    return Notice("of_account", name=estimate.service.shown_name, why=_why(estimate))


def allows(runtime: Runtime, run: Run, service: Service) -> bool:
    """Tell whether the next step of an account passes no budget; changes nothing."""
    if asking.agreed(run) or service.monthly_budget is None:
        return True
    return not _why_not_now(runtime, run, service)


def suspend(runtime: Runtime, run: Run, service: Service) -> bool:
    """Put an account aside whose budget the next step may pass; tell whether it was; commits."""
    if asking.agreed(run) or service.monthly_budget is None:
        return False
    why = _why_not_now(runtime, run, service)
    if not why:
        return False
    state.suspend(runtime, run, service, why, costs.next_month(runtime))
    runtime.session.commit()
    return True


def release(runtime: Runtime, service: Service) -> None:
    """Let the runs that wait for an account's budget look again at once; commits."""
    waiting = select(Run).join(Workflow).where(
        Workflow.kind == service.kind, Run.state == RunState.WAITING
    ).with_for_update(of=Run).execution_options(populate_existing=True)  # fmt: skip
    for run in runtime.session.scalars(waiting).all():
        if state.release(run, service, runtime.now()) or asking.is_held(run):
            run.resume_at = min(run.resume_at, runtime.now())
    runtime.session.commit()


def _why_not_now(runtime: Runtime, run: Run, service: Service) -> Notice:
    estimate = sync_cost.of_service(runtime, run.workflow, service)
    if estimate is None or estimate.left is None:
        return NOTHING
    if run.checkpoint["phase"] == "account":
        why = _why(estimate) if estimate.passes_budget else NOTHING
    else:
        why = Notice("budget_left_out", **_spent(estimate)) if estimate.left <= 0 else NOTHING
    return notices.together(why, Notice("waits_for_budget")) if why else NOTHING


def _spent(estimate: Estimate) -> dict[str, Paid]:
    budget = estimate.service.monthly_budget or costs.NOTHING
    spent = budget - (estimate.left or costs.NOTHING)
    kind = estimate.service.kind
    return {"spent": Paid(spent, kind), "budget": Paid(budget, kind)}


def _why(estimate: Estimate) -> Notice:
    """Say what is spent and what a run adds."""
    spent = _spent(estimate)
    if estimate.amount is None:
        return Notice("cost_unknown", **spent)
    code = "cost_at_least" if estimate.is_floor else "cost_about"
    return Notice(code, cost=Paid(estimate.amount, estimate.service.kind), **spent)
