"""What an operator chooses for the links of a draft: whether clicks count, and what each is called.

Readers get other addresses for those that count, so a choice is an edit of the content.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.deliveries import links
from webapp.deliveries.drafts.editing import Stale, editable, void
from webapp.deliveries.models import Delivery, DeliveryLink
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChoice:
    """What was chosen for one link."""

    label: str = ""
    counted: bool = True


@requires(Permission.WRITE)
def choose(
    runtime: Runtime,
    delivery_id: int,
    *,
    counts_clicks: bool,
    chosen: Mapping[str, LinkChoice],
    revision: int | None = None,
) -> Delivery:
    """Keep what was chosen for the links of a draft, by their names; voids proofs and analysis.

    Links that its texts do not have are left out. Raise `Stale` where somebody else edited it.
    """
    delivery = editable(runtime, delivery_id)
    if revision is not None and revision != delivery.revision:
        runtime.session.rollback()
        raise Stale(_("Somebody else changed this delivery meanwhile. Choose again."))
    wanted = _wanted(runtime, delivery, chosen)
    before = {
        item.name: LinkChoice(label=item.label, counted=item.counted) for item in delivery.links
    }
    if wanted == before and counts_clicks == delivery.counts_clicks:
        runtime.session.rollback()
        return delivery
    delivery.links = []
    # The new rows stand where the former ones stood, so these leave first.
    runtime.session.flush()
    delivery.links = [_row(name, choice) for name, choice in wanted.items()]
    delivery.counts_clicks = counts_clicks
    void(runtime, delivery)
    runtime.record("delivery.edit", delivery, fields=["links"])
    runtime.session.commit()
    return delivery


def _wanted(
    runtime: Runtime, delivery: Delivery, chosen: Mapping[str, LinkChoice]
) -> dict[str, LinkChoice]:
    """Return what is worth a row: a label, or that clicks are not counted."""
    found = {}
    for link in links.choices(runtime, delivery):
        choice = chosen.get(link.name, LinkChoice())
        label = " ".join(choice.label.split())
        if len(label) > LONGEST:
            fault = _("This is too long: at most %(n)s characters.", n=LONGEST)
            raise Invalid(fault, {link.name: fault})
        if label or not choice.counted:
            found[link.name] = LinkChoice(label=label, counted=choice.counted)
    return found


def _row(name: str, choice: LinkChoice) -> DeliveryLink:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return DeliveryLink(name=name, digest=digest, label=choice.label, counted=choice.counted)
