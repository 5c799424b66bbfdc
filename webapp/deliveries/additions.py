"""What deliveries add to places of lower domains."""

from collections.abc import Collection

from sqlalchemy import func, select

from webapp.audience.consents.agreeing import AGREED
from webapp.audience.places import QUARANTINE_REASON, TIMELINE
from webapp.deliveries import personal_data, reasons
from webapp.deliveries.approval import following
from webapp.deliveries.control import disconnecting, waking
from webapp.deliveries.models import Delivery, DeliveryService, PartMedia
from webapp.deliveries.queries import costs, follow_up, of_profile, results
from webapp.deliveries.queries.person_timeline import moments, received
from webapp.kernel.i18n import _
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.media.places import USED
from webapp.profiles.places import MOMENTS, PARTS
from webapp.services import places
from webapp.services.limits.limit_raised import LIMIT_RAISED
from webapp.services.models import Service
from webapp.services.places import Tab


def tab(runtime: Runtime, service: Service) -> Tab:
    """Return the tab of an account's deliveries."""
    own = (
        select(func.count(Delivery.id))
        .join(DeliveryService, DeliveryService.delivery_id == Delivery.id)
        .where(DeliveryService.service_id == service.id, Delivery.listed())
    )
    return Tab(
        name="deliveries",
        label=_("Deliveries"),
        endpoint="deliveries.index",
        arguments={"account": service.id},
        count=runtime.session.scalar(own) or 0,
    )


def disconnect(runtime: Runtime, service: Service) -> Panel:
    """Return the way to disconnect an account, which warns of outcomes that are not known."""
    data = {"unknown": disconnecting.unknown(runtime, service)}
    return Panel(template="deliveries/_disconnect.html", data=data)


def recent(runtime: Runtime, service: Service) -> Panel | None:
    """Return what came of the account's last deliveries; a test account has proofs alone."""
    if service.is_test:
        return None
    data = {"results": results.recent(runtime, service=service)}
    return Panel(template="deliveries/_results_of_account.html", data=data)


def by_delivery(runtime: Runtime, service: Service) -> Panel:
    """Return what each delivery of an account cost this month."""
    data = {"lines": costs.by_delivery(runtime, service)}
    return Panel(template="deliveries/_costs.html", data=data)


def shown(runtime: Runtime, digests: Collection[str]) -> frozenset[str]:
    """Return which of these pictures a delivery shows, sent or not."""
    query = select(PartMedia.sha256).where(PartMedia.sha256.in_(digests)).distinct()
    return frozenset(runtime.session.scalars(query))


ADDITIONS = (
    # Before the audience: what an operator waits for goes on first.
    LIMIT_RAISED.add(waking.wake, rank=10),
    places.TABS.add(tab, rank=20),
    places.MENU.add(disconnect),
    places.OVERVIEW.add(recent, rank=20),
    places.OVERVIEW.add(follow_up.panel, rank=25),
    AGREED.add(following.follow),
    places.COSTS.add(by_delivery),
    TIMELINE.add(received, rank=10),
    MOMENTS.add(moments, rank=20),
    QUARANTINE_REASON.add(lambda _runtime, code: reasons.short(code)),
    PARTS.add(of_profile.panel, rank=20),
    USED.add(shown),
    *personal_data.ADDITIONS,
)
