"""A synchronisation that would pass the budget of an account's month is asked about, or waits.

Whoever begins one is asked first. One that begins by its schedule reads the other accounts, and
then waits until the budget is raised or the next month begins.
"""

from sqlalchemy import select

from channels import ChannelError
from webapp.audience import rounds, sync_cost
from webapp.audience.sync_cost import Estimate
from webapp.kernel.formats import money
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.services import costs
from webapp.services.models import Service
from webapp.workflows import asking
from webapp.workflows.models import Run, RunState, Workflow

SYNCHRONISE = "synchronise"


def objections(runtime: Runtime, workflow: Workflow) -> list[str]:
    """Return a sentence for each account whose budget a run begun now would pass."""
    if workflow.job != SYNCHRONISE:
        return []
    try:
        found = sync_cost.of_workflow(runtime, workflow)
    except ChannelError:
        # A plugin that cannot tell its prices is met by the run itself, which names the fault.
        return []
    return [f"{item.service.shown_name}: {_why(item)}" for item in found if item.passes_budget]


def hold(runtime: Runtime, run: Run, service: Service) -> bool:
    """Put an account aside whose budget the next step may pass; tell whether it was; commits."""
    if asking.agreed(run) or service.monthly_budget is None:
        return False
    why = _why_not_now(runtime, run, service)
    if not why:
        return False
    rounds.hold(runtime, run, service, why, costs.next_month(runtime))
    runtime.session.commit()
    return True


def release(runtime: Runtime, service: Service) -> None:
    """Let the runs that wait for an account's budget look again at once; commits."""
    waiting = select(Run).join(Workflow).where(
        Workflow.kind == service.kind, Run.state == RunState.WAITING
    ).with_for_update(of=Run).execution_options(populate_existing=True)  # fmt: skip
    for run in runtime.session.scalars(waiting).all():
        if rounds.release(run, service, runtime.now()) or asking.is_held(run):
            run.resume_at = min(run.resume_at, runtime.now())
    runtime.session.commit()


def _why_not_now(runtime: Runtime, run: Run, service: Service) -> str:
    estimate = sync_cost.of_service(runtime, run.workflow, service)
    if estimate is None or estimate.left is None:
        return ""
    if run.place["phase"] == "account":
        why = _why(estimate) if estimate.passes_budget else ""
    else:
        why = _spent(estimate) + "." if estimate.left <= 0 else ""
    waits = _("It waits until the budget is raised, or the next month begins.")
    return f"{why} {waits}" if why else ""


def _spent(estimate: Estimate) -> str:
    budget = estimate.service.monthly_budget or costs.NOTHING
    spent = budget - (estimate.left or costs.NOTHING)
    return _(
        "%(spent)s of the month's budget of %(budget)s is spent",
        spent=money(spent, estimate.service.kind),
        budget=money(budget, estimate.service.kind),
    )


def _why(estimate: Estimate) -> str:
    """Say what is spent and what a run adds."""
    cost = money(estimate.amount, estimate.service.kind)
    if estimate.amount is None:
        more = _("and nobody knows yet what a run costs.")
    elif estimate.is_floor:
        more = _(
            "and a run costs at least %(cost)s more.",
            cost=cost,
        )
    else:
        more = _(
            "and a run costs about %(cost)s more.",
            cost=cost,
        )
    return f"{_spent(estimate)}, {more}"
