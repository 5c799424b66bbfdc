"""Who a delivery leaves out and why: from its messages, or before there are any from its target."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.audience.models import Visitor
from webapp.deliveries import counts
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.targeting import target
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Some of the people left out for one reason; `next` is where the others begin."""

    visitors: Sequence[Visitor]
    next: int | None


@requires(Permission.VIEW)
def by_reason(runtime: Runtime, delivery: Delivery) -> list[tuple[str, int]]:
    """Return how many are left out for each reason, the commonest first."""
    if delivery.confirmed_at:
        return counts.by_reason(runtime, delivery.id, MessageState.IGNORED)
    if not delivery.kind.to_people:
        return []
    return target.count(runtime, delivery).excluded


@requires(Permission.VIEW)
def people(runtime: Runtime, delivery: Delivery, reason: str, after: int = 0) -> People:
    """Return people left out for `reason`, in the order they became known, after an id."""
    if delivery.confirmed_at:
        wanted = (
            select(Visitor)
            .join(Message, Message.visitor_id == Visitor.id)
            .where(
                Message.delivery_id == delivery.id,
                Message.state == MessageState.IGNORED,
                Message.reason == reason,
            )
        )
    else:
        wanted = target.matching(delivery, Visitor).where(target.reason() == reason)
    rows = runtime.session.scalars(
        wanted.where(Visitor.id > after).order_by(Visitor.id).limit(PAGE + 1)
    ).all()
    more = len(rows) > PAGE
    return People(visitors=rows[:PAGE], next=rows[PAGE - 1].id if more else None)
