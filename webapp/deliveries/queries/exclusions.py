"""Who a delivery leaves out and why: from its messages, or before there are any from its target."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from webapp.audience.models import Visitor
from webapp.deliveries import counts
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.models.message import REASONED
from webapp.deliveries.targeting import target
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Some of the people left out for one reason; `next` is the key the others stand behind."""

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
    """Return people left out for `reason`, in the order they became known, after a key."""
    if delivery.confirmed_at:
        return _of_messages(runtime, delivery, reason, after)
    found = runtime.session.scalars(target.left_out(delivery, reason, after).limit(PAGE + 1)).all()
    more = len(found) > PAGE
    return People(visitors=found[:PAGE], next=found[PAGE - 1].id if more else None)


def _of_messages(runtime: Runtime, delivery: Delivery, reason: str, after: int) -> People:
    wanted = (
        select(Message)
        .where(
            Message.delivery_id == delivery.id,
            Message.state == MessageState.IGNORED,
            Message.reason == reason,
            text(REASONED),
            Message.id > after,
            Message.visitor_id.is_not(None),
        )
        .options(joinedload(Message.visitor))
        .order_by(Message.id)
    )
    rows = runtime.session.scalars(wanted.limit(PAGE + 1)).all()
    people = [row.visitor for row in rows[:PAGE] if row.visitor]
    return People(visitors=people, next=rows[PAGE - 1].id if len(rows) > PAGE else None)
