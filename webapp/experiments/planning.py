"""Plans an experiment: other texts, who gets nothing, and how it will be judged."""

from datetime import timedelta

from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, Experiment, Metric
from webapp.deliveries.targeting import figures
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.tracking import choices

BY_CLICKS = frozenset({Metric.CLICKED, Metric.CONVERTED})


@requires(Permission.WRITE)
def plan(
    runtime: Runtime, delivery_id: int, wanted: Experiment | None, *, revision: int | None = None
) -> Delivery:
    """Make a draft an experiment, change its plan, or leave its first text alone with `None`.

    As any edit it voids proofs and analysis. Raise `Invalid` where what counts is known of nobody.
    """
    if wanted and wanted.metric in BY_CLICKS and not choices.of_instance(runtime).names_people:
        fault = _(
            "This instance does not keep who clicked, so clicks are of no arm. An administrator "
            "can change that under Settings, Links and clicks."
        )
        raise Invalid(fault, {"metric": fault})
    changes = editing.DeliveryChanges(experiment=wanted)
    return editing.edit(runtime, delivery_id, changes, revision=revision)


@requires(Permission.VIEW)
def people(runtime: Runtime, delivery: Delivery, oldest: timedelta = figures.FRESH) -> int:
    """Return how many people an experiment is about: who gets it, and who is held out of it."""
    counts = figures.known(runtime, delivery, oldest).counts
    return counts.eligible + dict(counts.excluded).get("held_out", 0)
