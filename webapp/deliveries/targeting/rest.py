"""Who an earlier delivery did not reach, and who gets it from another copy meanwhile.

A copy for the rest writes only to those whose message was cancelled or failed. An unknown outcome
counts as reached: the person may have got it.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import aliased

from webapp.audience.models import Subscription, Visitor
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.kinds import PUBLIC
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.models.message import REASONED
from webapp.kernel.runtime import Runtime

# What got no answer may have arrived, and what waits is on its way.
LIVE = (MessageState.PENDING, MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)
OVER = (MessageState.SENT, MessageState.UNKNOWN)
# Left out for the text or the end of the delivery, and not for the person's sake.
NOT_THEIR_WISH = ("stopped", "unresolved")
BLANKS = " \n\t"


def left(message: Any = Message) -> ColumnElement[bool]:
    """Return the condition that a message certainly reached nobody, not even by its first part."""
    return and_(
        message.parts_sent == 0,
        or_(
            message.state.in_((MessageState.CANCELLED, MessageState.FAILED)),
            and_(message.state == MessageState.IGNORED, message.reason.in_(NOT_THEIR_WISH)),
        ),
    )


def unsent(delivery: Delivery) -> CompoundSelect[Any]:
    """Select account and person of each message that certainly reached nobody.

    Each state is read by its own index; the fence at the end keeps them together.
    """
    mine = select(Message.service_id, Message.visitor_id).where(
        Message.delivery_id == delivery.id,
        Message.service_id.in_([service.id for service in delivery.services]),
        left(),
    )
    ended = (MessageState.CANCELLED, MessageState.FAILED)
    ignored = mine.where(
        Message.state == MessageState.IGNORED,
        Message.reason.in_(NOT_THEIR_WISH),
        text(REASONED),
    )
    parts: list[Any] = [*(mine.where(Message.state == state) for state in ended), ignored]
    return union_all(*parts).offset(0)


def unsent_of(delivery_id: int) -> ColumnElement[bool]:
    """Return the condition that a delivery did not reach a person on the account."""
    line = aliased(Message)
    return exists().where(
        line.delivery_id == delivery_id,
        line.visitor_id == Visitor.id,
        line.service_id == Subscription.service_id,
        left(line),
    )


def reached(
    delivery: Delivery,
    others: ColumnElement[bool],
    line: Any,
    states: Collection[MessageState] = LIVE,
) -> ColumnElement[bool]:
    """Return the condition that another delivery, out of `others`, reached a person or will."""
    return exists().where(
        line.visitor_id == Visitor.id,
        line.service_id == Subscription.service_id,
        line.state.in_(states),
        line.delivery_id.in_(select(Delivery.id).where(_another(delivery), others)),
    )


def family(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition on deliveries: the first one of the chain, its copies, the same text."""
    origin = delivery.origin_id or delivery.id
    return or_(Delivery.id == origin, Delivery.origin_id == origin, same_text(delivery))


def same_text(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition that a delivery has the text of this one, blanks around it aside."""
    return func.trim(Delivery.content, BLANKS) == delivery.content.strip()


def of_same_text(delivery: Delivery) -> Select[int]:
    """Select the other deliveries that have the text of this one."""
    return select(Delivery.id).where(_another(delivery), same_text(delivery))


def _another(delivery: Delivery) -> ColumnElement[bool]:
    return and_(
        Delivery.id != delivery.id,
        Delivery.kind == delivery.kind,
        Delivery.parent_id.is_(None),
        Delivery.confirmed_at.is_not(None),
    )


def got_it(runtime: Runtime, delivery: Delivery, message: InHand) -> bool:
    """Tell whether the recipient of a message of a copy gets it from another delivery.

    Of two messages that both wait the older one goes out.
    """
    if delivery.rest_of_id is None:
        return False
    older = Message.id < message.id
    query = select(Message.id).where(
        Message.recipient == message.recipient,
        Message.service_id == message.service_id,
        or_(Message.state.in_(OVER), and_(Message.state.in_(LIVE), older)),
        Message.delivery_id.in_(select(Delivery.id).where(_another(delivery), family(delivery))),
    )
    return runtime.session.scalar(query.limit(1)) is not None


def published(delivery: Delivery, since: Any) -> Any:
    """Select each message, with its delivery, that says on an account what this post says.

    What went out counts `since` a moment, what waits always; a copy for the rest also minds what
    its chain published with another text.
    """
    others = same_text(delivery) if delivery.rest_of_id is None else family(delivery)
    lately = or_(
        Message.state.in_((MessageState.PENDING, MessageState.SENDING)),
        and_(Message.state.in_(OVER), Message.changed_at >= since),
    )
    return (
        select(Message, Delivery)
        .join(Delivery, Message.delivery_id == Delivery.id)
        .where(
            _another(delivery),
            Delivery.family.in_(PUBLIC),
            others,
            Message.service_id.in_([service.id for service in delivery.services]),
            lately,
        )
        .order_by(Message.state != MessageState.SENT, Message.id)
    )


def unreached_accounts(runtime: Runtime, delivery: Delivery) -> list[int]:
    """Return the ids of the accounts of a post on which neither it nor a copy of it stands."""
    line = aliased(Message)
    elsewhere = exists().where(
        line.service_id == Message.service_id,
        line.state.in_(LIVE),
        line.delivery_id.in_(select(Delivery.id).where(_another(delivery), family(delivery))),
    )
    return list(
        runtime.session.scalars(
            select(Message.service_id).where(Message.delivery_id == delivery.id, left(), ~elsewhere)
        )
    )
