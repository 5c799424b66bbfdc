"""What experiments add to places of lower domains."""

from webapp.deliveries import places
from webapp.deliveries.drafts.experiments import can_be_one
from webapp.deliveries.models import Delivery
from webapp.experiments import arms, personal_data
from webapp.kernel.i18n import _
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime


def entry(_runtime: Runtime, delivery: Delivery) -> Panel | None:
    """Return the way to the plan of a draft to several people, with its arms."""
    if not can_be_one(delivery):
        return None
    return Panel(template="experiments/_entry.html", data={"arms": arms.of(delivery)})


def tab(_runtime: Runtime, delivery: Delivery) -> places.Tab | None:
    """Return the tab of the verdict, once an experiment is sealed."""
    if delivery.plan is None or delivery.confirmed_at is None:
        return None
    return places.Tab(
        name="experiment",
        label=_("Experiment"),
        endpoint="experiments.verdict_of",
        arguments={"delivery_id": delivery.id},
    )


ADDITIONS = (
    places.BELOW_CONTENT.add(entry),
    places.TABS.add(tab, rank=10),
    *personal_data.ADDITIONS,
)
