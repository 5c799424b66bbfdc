"""Who a delivery leaves out and why: from its messages, or before there are any from its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from webapp.audience.models import Visitor
from webapp.deliveries import counts
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.models.message import REASONED
from webapp.deliveries.targeting import figures, target
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Some of the people left out for one reason; `next` is the key the others stand behind."""

    visitors: Sequence[Visitor]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many are left out for each reason, the commonest first.

    `counted_at` is when a large target was counted, where it may have changed since.
    """

    by_reason: Sequence[tuple[str, int]]
    counted_at: datetime | None = None


@requires(Permission.VIEW)
def left_out(runtime: Runtime, delivery: Delivery, oldest: timedelta = figures.FRESH) -> LeftOut:
    """Return how many are left out for each reason, by figures of no more than an age."""
    if delivery.is_written:
        return LeftOut(by_reason=counts.by_reason(runtime, delivery.id, MessageState.IGNORED))
    found = figures.known(runtime, delivery, oldest)
    return LeftOut(by_reason=found.counts.excluded, counted_at=found.counted_at)


@requires(Permission.VIEW)
def people(runtime: Runtime, delivery: Delivery, reason: str, after: int = 0) -> People:
    """Return people left out for `reason`, in the order they became known, after a key."""
    if delivery.is_written:
        return _of_messages(runtime, delivery, reason, after)
    wanted = target.left_out(runtime, delivery, reason, after)
    found = runtime.session.scalars(wanted.limit(PAGE + 1)).all()
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
