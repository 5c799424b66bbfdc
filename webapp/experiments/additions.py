"""What experiments add to places of lower domains."""

from channels import Finding, Level
from webapp.audience import places as audience
from webapp.deliveries import places
from webapp.deliveries.drafts.experiments import can_be_one
from webapp.deliveries.models import Delivery
from webapp.experiments import arms, keeping, outcomes, personal_data
from webapp.experiments.outlook import outlook
from webapp.kernel.i18n import _
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.services import places as services
from webapp.services.models import Service
from webapp.tracking import places as tracking

# Shares further apart than this are seldom seen.
LARGE = 2


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


def finding(_runtime: Runtime, delivery: Delivery, people: int) -> Finding | None:
    """Return which difference so many people can show; one that is large asks to be accepted."""
    planned = delivery.experiment
    if planned is None:
        return None
    seen = outlook(planned, people).seen
    message, level = Notice("finding_outlook_none"), Level.WARNING
    if seen.other is not None:
        shares = {"share": round(100 * seen.share, 2), "other": round(100 * seen.other, 1)}
        enough = seen.other <= LARGE * seen.share
        level = Level.PASSED if enough else Level.WARNING
        message = Notice("finding_outlook" if enough else "finding_outlook_large", **shares)
    code = "outlook" if level is Level.PASSED else "few_people"
    return Finding(code=code, level=level, message=message, step="target")


def best_time(_runtime: Runtime, service: Service) -> services.Tab | None:
    """Return the tab of the best time to post; a test account has no readers."""
    if service.is_test:
        return None
    return services.Tab(
        name="best_time",
        label=_("Best time"),
        endpoint="experiments.best_time_of",
        arguments={"service_id": service.id},
    )


ADDITIONS = (
    services.TABS.add(best_time, rank=40),
    places.FINDINGS.add(finding),
    places.LEAVING.add(keeping.keep),
    audience.RECEIVED_LEAVING.add(outcomes.keep_words),
    tracking.LEAVING.add(outcomes.keep_clicks),
    places.BELOW_CONTENT.add(entry),
    places.TABS.add(tab, rank=10),
    *personal_data.ADDITIONS,
)
