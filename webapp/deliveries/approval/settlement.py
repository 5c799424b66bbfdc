"""A delivery in which anything failed needs somebody until an operator settles it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select

from webapp.deliveries.approval import pending
from webapp.deliveries.counts import Figures, figures_of
from webapp.deliveries.drafts.editing import locked
from webapp.deliveries.models import OVER, Delivery
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime


def settle(runtime: Runtime, delivery_id: int) -> Delivery:
    """Record that an operator saw what failed until now and took it as dealt with."""
    return settle_seen(runtime, delivery_id, None)[0]


@requires(Permission.WRITE)
def settle_seen(runtime: Runtime, delivery_id: int, seen: datetime | None) -> tuple[Delivery, bool]:
    """Record that an operator saw what had failed at `seen` and took it as dealt with.

    Nothing is sent. What fails afterwards needs somebody again; tell whether something did already.
    Raise `Conflict` where nothing waits for that.
    """
    delivery = locked(runtime, delivery_id)
    if not to_settle(runtime, [delivery.id]):
        if delivery.settled_at:
            raise Conflict(_("%(name)s settled this already.", name=delivery.settled_by))
        raise Conflict(_("Nothing of this delivery waits to be settled."))
    now = runtime.now()
    delivery.settled_at = max(min(seen or now, now), delivery.created_at)
    delivery.settled_by = runtime.actor.name
    runtime.record("delivery.settle", delivery)
    runtime.session.flush()
    more = bool(to_settle(runtime, [delivery.id]))
    runtime.session.commit()
    return delivery, more


def to_settle(runtime: Runtime, ids: Collection[int]) -> dict[int, str]:
    """Return which of these deliveries wait to be settled, with the name of the gravest fault."""
    names = case(*((test, name) for name, test in pending.faults().items()), else_="")
    query = select(Delivery.id, names).where(
        Delivery.id.in_(ids), Delivery.listed(), pending.unsettled()
    )
    return {row[0]: row[1] for row in runtime.session.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a delivery is called: `name` of its pill, and how many messages that is about."""

    name: str
    number: int = 0


def standing(delivery: Delivery, figures: Figures, fault: str) -> Standing:
    """Return what a delivery is called; one in which something failed is never just finished.

    `fault` is what of it waits to be settled; empty for nothing.
    """
    number = sum(figures.faults.values())
    if delivery.state not in OVER or not number:
        return Standing(name=delivery.state.value)
    if fault:
        return Standing(name=fault, number=figures.faults[fault])
    if delivery.settled_at:
        return Standing(name="settled", number=number)
    return Standing(name=delivery.state.value)


def standings(runtime: Runtime, rows: Sequence[Delivery]) -> dict[int, Standing]:
    """Return by its id what each of these deliveries is called."""
    ids = [row.id for row in rows]
    figures, faulty = figures_of(runtime, ids), to_settle(runtime, ids)
    return {row.id: standing(row, figures[row.id], faulty.get(row.id, "")) for row in rows}
