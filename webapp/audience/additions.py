"""What the audience adds to places of lower domains."""

from webapp.audience import daily, growth_chart, personal_data
from webapp.audience.sync import SYNCHRONISE, estimate, overspending
from webapp.kernel.i18n import _
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.services import places
from webapp.services.limits.limit_raised import LIMIT_RAISED
from webapp.services.models import Service
from webapp.services.places import Tab
from webapp.workflows import launching
from webapp.workflows.asking import OBJECTIONS
from webapp.workflows.models import Workflow


def subscribers(runtime: Runtime, service: Service) -> Tab:
    """Return the tab of an account's people; nobody knows how many before they were read."""
    return Tab(
        name="visitors",
        label=_("Subscribers"),
        endpoint="audience.visitors",
        arguments={"service": service.id},
        count=daily.followers(runtime, [service.id]).get(service.id),
    )


def sync_costs(runtime: Runtime, workflow: Workflow) -> Panel | None:
    """Return what a synchronisation costs each account; nothing where nothing is charged."""
    if workflow.job != SYNCHRONISE:
        return None
    found = estimate.of_workflow(runtime, workflow)
    return Panel(template="audience/_sync_costs.html", data={"costs": found}) if found else None


ADDITIONS = (
    LIMIT_RAISED.add(overspending.release),
    OBJECTIONS.add(overspending.objections),
    places.TABS.add(subscribers, rank=10),
    places.OVERVIEW.add(growth_chart.panel, rank=10),
    launching.COSTS.add(sync_costs, rank=10),
    *personal_data.ADDITIONS,
)
