"""What experiments add to places of lower domains."""

from webapp.deliveries import places
from webapp.deliveries.drafts.experiments import can_be_one
from webapp.deliveries.models import Delivery
from webapp.experiments import arms
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime


def entry(_runtime: Runtime, delivery: Delivery) -> Panel | None:
    """Return the way to the plan of a draft to several people, with its arms."""
    if not can_be_one(delivery):
        return None
    return Panel(template="experiments/_entry.html", data={"arms": arms.of(delivery)})


ADDITIONS = (places.BELOW_CONTENT.add(entry),)
