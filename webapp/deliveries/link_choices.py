"""What an operator chooses for the links of a draft: whether clicks count, and what each is called.

Readers get other addresses for those that count, so a choice is an edit of the content.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from webapp.deliveries import links
from webapp.deliveries.drafts.editing import Stale, editable, void
from webapp.deliveries.models import Delivery, DeliveryLink, DeliveryService
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
    """Return what is worth a row: a label, that clicks are not counted, or that both are not so.

    The last is where they once were: else it would be proposed again, over what was chosen.
    """
    found, rows = {}, links.choices(runtime, delivery)
    earlier = _chosen_last(runtime, delivery, [link.name for link in rows])
    for link in rows:
        choice = chosen.get(link.name, LinkChoice())
        label = " ".join(choice.label.split())
        if len(label) > LONGEST:
            fault = _("This is too long: at most %(n)s characters.", n=LONGEST)
            raise Invalid(fault, {link.name: fault})
        if label or not choice.counted or link.name in earlier:
            found[link.name] = LinkChoice(label=label, counted=choice.counted)
    return found


def _row(name: str, choice: LinkChoice) -> DeliveryLink:
    digest = _digest(name)
    return DeliveryLink(name=name, digest=digest, label=choice.label, counted=choice.counted)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


@requires(Permission.VIEW)
def proposed(runtime: Runtime, delivery: Delivery) -> Sequence[links.Choice]:
    """Return the links of a draft, those without a choice as they were chosen last.

    What the account chose for the same link in another delivery is proposed, and holds once
    somebody saves it here.
    """
    rows, own = links.choices(runtime, delivery), {item.name for item in delivery.links}
    earlier = _chosen_last(runtime, delivery, {row.name for row in rows} - own)
    return [_as_before(row, *earlier[row.name]) if row.name in earlier else row for row in rows]


def _as_before(row: links.Choice, was: DeliveryLink, label: str) -> links.Choice:
    return replace(row, label=was.label, counted=was.counted, proposed_by=label)


def _chosen_last(
    runtime: Runtime, delivery: Delivery, names: Collection[str]
) -> dict[str, tuple[DeliveryLink, str]]:
    """Return by its name what was chosen last for a link by one of the accounts, and where."""
    if not names or not delivery.services:
        return {}
    accounts = [service.id for service in delivery.services]
    rows = (
        select(DeliveryLink, Delivery.label)
        .join(Delivery, Delivery.id == DeliveryLink.delivery_id)
        .join(DeliveryService, DeliveryService.delivery_id == Delivery.id)
        .where(
            DeliveryService.service_id.in_(accounts),
            Delivery.id != delivery.id,
            # A proof says what its delivery chose.
            Delivery.listed(),
            DeliveryLink.digest.in_([_digest(name) for name in names]),
        )
        .order_by(DeliveryLink.delivery_id)
    )
    return {row.name: (row, label) for row, label in runtime.session.execute(rows)}
