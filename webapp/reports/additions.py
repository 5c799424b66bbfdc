"""What reports add to places of lower domains: a tab of a delivery and of an account."""

from webapp.deliveries import places as deliveries
from webapp.deliveries.models import Delivery
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime
from webapp.services import places as services
from webapp.services.models import Service


def delivery_tab(_runtime: Runtime, delivery: Delivery) -> deliveries.Tab | None:
    """Return the report of a delivery that began."""
    if delivery.started_at is None or delivery.is_proof:
        return None
    return deliveries.Tab(
        name="report",
        label=_("Report"),
        endpoint="reports.of_delivery",
        arguments={"delivery_id": delivery.id},
    )


def service_tab(_runtime: Runtime, service: Service) -> services.Tab:
    """Return the report of an account."""
    return services.Tab(
        name="report",
        label=_("Report"),
        endpoint="reports.index",
        arguments={"account": service.id},
    )


ADDITIONS = (
    deliveries.TABS.add(delivery_tab, rank=60),
    services.TABS.add(service_tab, rank=60),
)
