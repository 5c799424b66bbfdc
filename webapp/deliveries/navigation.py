"""Where deliveries and their templates stand in the frame."""

from webapp.deliveries.queries import listing
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry, Page

ENTRIES = (
    Entry(
        endpoint="deliveries.index",
        label=lazy_gettext("Deliveries"),
        rank=20,
        icon="send",
        key="d",
        count=listing.number_needing,
        # Pages about a delivery that domains above bring.
        under=(
            *("tracking.of_delivery", "reports.of_delivery"),
            *(
                "experiments.plan_of",
                "experiments.plan",
                "experiments.leave",
                "experiments.verdict_of",
            ),
        ),
        pages=(
            Page(endpoint="deliveries.index", label=lazy_gettext("List")),
            Page(
                endpoint="deliveries.templates",
                label=lazy_gettext("Templates"),
                icon="template",
                under=("deliveries.template",),
            ),
        ),
    ),
)
