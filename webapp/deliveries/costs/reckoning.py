"""What a message has to mind before it goes out, counted by one query: the budget and the wave.

One query sees one moment: what ends meanwhile counts as under way or as spent, never as neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select

from webapp.deliveries import kinds
from webapp.deliveries.costs import inbox_cost
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import (
    Attempt,
    AttemptOutcome,
    ContentPart,
    Delivery,
    DeliveryState,
    DeliveryVariant,
    Message,
    MessageState,
)
from webapp.deliveries.waves import sent_query, wave_begins
from webapp.kernel.db.prepared import run
from webapp.kernel.runtime import Runtime
from webapp.services import costs

UNSETTLED = (MessageState.SENDING, MessageState.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an account spent this month and may still have to pay, and how full the wave is.

    `unread` is what its inbox will list of its own, `unsettled` the parts of each kind that are
    left of its other messages which are sent now or not settled yet, `sent` and `under_way` the
    messages of the wave.
    """

    spent: Decimal = costs.NOTHING
    unread: int = 0
    unsettled: Mapping[DeliveryKind, int] = field(default_factory=dict)
    sent: int = 0
    under_way: int = 0


def count(runtime: Runtime, delivery: Delivery, message: Message | InHand) -> Counts:
    """Count what matters for this message; nothing is asked where there is nothing to mind."""
    mark = message.service.inbox_read_at
    money = message.service.monthly_budget is not None
    wave = bool(delivery.wave_size) and delivery.started_at is not None
    if not money and not wave:
        return Counts()
    now = runtime.now()
    given = {
        "b_message": message.id,
        "b_delivery": delivery.id,
        "b_service": message.service_id,
        "b_month": costs.today(runtime).replace(day=1),
        "b_mark": mark,
        "b_begins": wave_begins(delivery.started_at or now, now),
    }
    query = _query(money=money, inbox=money and mark is not None, wave=wave)
    row = dict(run(runtime.session, query, given).mappings().one())
    unsettled = {kind: row.pop(_label(kind), 0) for kind in kinds.EVERY}
    known = {name: value for name, value in row.items() if value is not None}
    return Counts(unsettled=unsettled, **known)


def _label(kind: DeliveryKind) -> str:
    return f"unsettled_{kind.name}"


@cache
def _query(*, money: bool, inbox: bool, wave: bool) -> Select[Any]:
    """Return the query of what is wanted; made once: making takes longer than running."""
    service: Any = bindparam("b_service")
    begins: Any = bindparam("b_begins")
    wanted: dict[str, Select[Any]] = {}
    if money:
        wanted["spent"] = costs.spent_since(service, bindparam("b_month"))
        wanted |= {_label(kind): _under_way(service, kind) for kind in kinds.EVERY}
    if inbox:
        wanted["unread"] = inbox_cost.since_read(service, bindparam("b_mark"))
    if wave:
        # A thread that goes on has its own place in the wave already.
        others = Message.id != bindparam("b_message")
        wanted["sent"] = sent_query(bindparam("b_delivery"), begins).where(others)
        wanted["under_way"] = _open(begins)
    return select(*(query.scalar_subquery().label(name) for name, query in wanted.items()))


def _under_way(service: Any, kind: DeliveryKind) -> Select[Any]:
    """Count the calls that may still be paid: each part of a thread is one."""
    chosen = DeliveryVariant.id == Message.variant_id
    only = and_(Message.variant_id.is_(None), DeliveryVariant.position == 0)
    return (
        select(func.count(ContentPart.id))
        .select_from(Message)
        .join(Delivery, Message.delivery_id == Delivery.id)
        .join(DeliveryVariant, DeliveryVariant.delivery_id == Delivery.id)
        .join(ContentPart, ContentPart.variant_id == DeliveryVariant.id)
        .where(
            or_(chosen, only),
            ContentPart.position >= Message.parts_sent,
            Delivery.id.in_(inbox_cost.deliveries_of(service)),
            Delivery.state != DeliveryState.FINISHED,
            Delivery.family == kind,
            Message.service_id == service,
            Message.state.in_(UNSETTLED),
            Message.id != bindparam("b_message"),
        )
    )


def _open(begins: Any) -> Select[Any]:
    """Count the other messages that are under way, or whose outcome of this wave is unknown."""
    asked = exists().where(
        Attempt.message_id == Message.id,
        Attempt.started_at >= begins,
        or_(Attempt.outcome.is_(None), Attempt.outcome == AttemptOutcome.UNKNOWN),
    )
    return select(func.count(Message.id)).where(
        Message.delivery_id == bindparam("b_delivery"),
        Message.id != bindparam("b_message"),
        Message.state.in_(UNSETTLED),
        or_(Message.state == MessageState.SENDING, asked),
    )
