"""What whoever may begin a run is told before: what it costs, and which budgets it would pass."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.kernel.panels import Panel, Place
from webapp.kernel.runtime import Runtime
from webapp.workflows import asking
from webapp.workflows.models import Workflow

COSTS: Place[[Workflow], Panel] = Place("workflow/costs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Which budgets a run begun now would pass, in sentences, and what domains say of its cost."""

    over: str
    costs: Sequence[Panel]


def launch(runtime: Runtime, workflow: Workflow) -> Launch:
    """Return what is said before a run of a workflow is begun."""
    over = " ".join(asking.objections(runtime, workflow))
    return Launch(over=over, costs=COSTS.ask(runtime, workflow))
