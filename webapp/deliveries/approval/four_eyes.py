"""Four eyes: where an account demands it, nobody sends alone what they wrote."""

from webapp.deliveries import authors, proofs
from webapp.deliveries.models import Delivery
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime


@requires(Permission.VIEW)
def objection(runtime: Runtime, delivery: Delivery) -> str:
    """Return why whoever acts may not send a delivery alone; empty when they may.

    Somebody else has seen it when they approved its proof after the last change, whatever was
    changed, or when it is they who send it.
    """
    if not authors.four_eyes(delivery) or not authors.wrote(runtime, delivery):
        return ""
    if _seen_by_another(runtime, delivery):
        return ""
    return _(
        "You wrote or changed this delivery, and its account asks for a second pair of eyes: "
        "somebody else must approve a proof of it as it is now, or send it."
    )


def _seen_by_another(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether a proof was approved after the last change; no author could approve it."""
    changed = authors.last_written(runtime, delivery)
    return any(
        changed is None or (authors.approved(runtime, proof) or 0) > changed
        for proof, state in proofs.leading(runtime, delivery)
        if state == "approved"
    )
