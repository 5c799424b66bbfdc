"""Which runs ask first: those that would pass the budget of an account's month.

What a run costs is known by the domains above this one, which add to `OBJECTIONS`. A run
that an operator wanted all the same carries that consent in its place, as long as it lives.
"""

from collections.abc import Sequence

from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.panels import Place
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.workflows.models import Run, RunState, Workflow

OBJECTIONS: Place[[Workflow], Sequence[Notice]] = Place("workflow/objections")

CONSENT = "over_budget"
# Set while a run waits for nothing but a budget.
HELD = "held"


class OverBudget(Conflict):
    """A run would pass a budget, and nobody agreed to that."""


def objections(runtime: Runtime, workflow: Workflow) -> list[Notice]:
    """Return a sentence for each budget that a run begun now would pass."""
    return [sentence for found in OBJECTIONS.ask(runtime, workflow) for sentence in found]


def refuse_unasked(runtime: Runtime, workflow: Workflow) -> None:
    """Raise `OverBudget` with what a run would pass; nothing happens where it passes none."""
    found = objections(runtime, workflow)
    if found:
        asks = _("Nothing was run: confirm that the budget is passed, or raise it.")
        raise OverBudget(" ".join([*found, asks]))


def agree(run: Run) -> None:
    """Let a run pass the budgets; the caller commits."""
    run.checkpoint = {**run.checkpoint, CONSENT: True}


def agreed(run: Run) -> bool:
    """Tell whether an operator wants the run although it passes a budget."""
    return bool(run.checkpoint.get(CONSENT))


def is_held(run: Run) -> bool:
    """Tell whether a run waits for nothing but a budget."""
    return run.state is RunState.WAITING and bool(run.checkpoint.get(HELD))
