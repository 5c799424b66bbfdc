"""The words for a month's budget that is passed already, wherever one is set or read."""

from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import money
from webapp.services import costs
from webapp.services.models import Service


@requires(Permission.VIEW)
def warning(runtime: Runtime, service: Service) -> str:
    """Return what a budget that is used up means; empty where something is left, or none is set."""
    left, whole = costs.budget_left(runtime, service), service.monthly_budget
    if left is None or whole is None or left > 0:
        return ""
    return _(
        "This month’s budget of %(budget)s is used up: %(spent)s is spent. Deliveries pause, and "
        "runs wait, until it is raised or the next month begins.",
        budget=money(whole, service.kind),
        spent=money(whole - left, service.kind),
    )
