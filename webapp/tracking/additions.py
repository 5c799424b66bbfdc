"""What tracking adds to places of lower domains."""

from sqlalchemy import select

from webapp.audience.models import Visitor
from webapp.audience.places import BESIDE, TIMELINE
from webapp.deliveries import places as deliveries
from webapp.deliveries.models import Delivery
from webapp.deliveries.places import SHORTEN
from webapp.kernel.i18n import _
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.profiles.places import MOMENTS
from webapp.services import places as services
from webapp.services.models import Service
from webapp.tracking import choices, people, personal_data
from webapp.tracking.models import TrackedLink
from webapp.tracking.shortening import shorten


def delivery_tab(runtime: Runtime, delivery: Delivery) -> deliveries.Tab | None:
    """Return the tab of clicks of a delivery that has links which are counted; a proof has none."""
    wanted = select(TrackedLink.id).where(TrackedLink.delivery_id == delivery.id).limit(1)
    if delivery.is_proof or runtime.session.scalar(wanted) is None:
        return None
    return deliveries.Tab(
        name="clicks",
        label=_("Links and clicks"),
        endpoint="tracking.of_delivery",
        arguments={"delivery_id": delivery.id},
    )


def service_tab(_runtime: Runtime, service: Service) -> services.Tab:
    """Return the tab of clicks on the links of an account."""
    return services.Tab(
        name="clicks",
        label=_("Links and clicks"),
        endpoint="tracking.of_service",
        arguments={"service_id": service.id},
    )


def person_panel(runtime: Runtime, visitor: Visitor) -> Panel:
    """Return how often a person clicked, and whether clicks are kept with them."""
    data = {
        "clicks": people.number(runtime, visitor),
        "refused": choices.refuses(runtime, visitor.id),
    }
    return Panel(template="tracking/_person.html", data=data)


ADDITIONS = (
    deliveries.TABS.add(delivery_tab),
    services.TABS.add(service_tab, rank=30),
    BESIDE.add(person_panel, rank=30),
    TIMELINE.add(people.clicked, rank=20),
    MOMENTS.add(people.moments, rank=30),
    SHORTEN.add(shorten),
    *personal_data.ADDITIONS,
)
