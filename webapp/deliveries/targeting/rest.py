"""Who an earlier delivery did not reach, and who gets it from another copy meanwhile.

A copy for the rest writes only to those whose message was cancelled or failed. An unknown outcome
counts as reached: the person may have got it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import aliased

from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import variants, whole
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.kinds import PUBLIC
from webapp.deliveries.models import (
    ContentPart,
    Delivery,
    DeliveryService,
    DeliveryVariant,
    Message,
    MessageState,
)
from webapp.deliveries.models.message import REASONED
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# What got no answer may have arrived, and what waits is on its way.
LIVE = (MessageState.PENDING, MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)
OVER = (MessageState.SENT, MessageState.UNKNOWN)
# Left out for the text or the end of the delivery, and not for the person's sake.
NOT_THEIR_WISH = ("stopped", "unresolved", "media_missing", "target_grew")
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
    return or_(_chain(delivery), same_text(delivery))


def _chain(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition on deliveries: the first one of the chain, and its copies."""
    origin = delivery.origin_id or delivery.id
    return or_(Delivery.id == origin, Delivery.origin_id == origin)


def same_text(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition that some variant of a delivery says all that one of this one says.

    Blanks around a part count for nothing, and what says nothing is like no other.
    """
    return or_(false(), *(_has_variant(texts) for texts in whole.sayings(delivery)))


def _has_variant(texts: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a delivery has a variant of exactly these parts."""
    part = aliased(ContentPart)
    own = select(part.id).where(part.variant_id == DeliveryVariant.id)
    said = [
        own.where(part.position == at, func.trim(part.text, BLANKS) == text).exists()
        for at, text in enumerate(texts)
    ]
    more = own.where(part.position >= len(texts)).exists()
    return exists().where(DeliveryVariant.delivery_id == Delivery.id, *said, ~more)


def _says_a_part(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition that a message says what this post says in some part on its account.

    Of a message that ended half-way, only what is out counts.
    """
    chosen = DeliveryVariant.id == Message.variant_id
    only = and_(Message.variant_id.is_(None), DeliveryVariant.delivery_id == Message.delivery_id)
    out = or_(Message.state.in_(LIVE), ContentPart.position < Message.parts_sent)
    said = select(ContentPart.id).join(
        DeliveryVariant, ContentPart.variant_id == DeliveryVariant.id
    )
    return or_(
        false(),
        *(
            and_(
                Message.service_id == service.id,
                said.where(
                    or_(chosen, only),
                    out,
                    ContentPart.text != "",
                    func.trim(ContentPart.text, BLANKS).in_(_texts_on(delivery, service)),
                ).exists(),
            )
            for service in delivery.services
        ),
    )


def _texts_on(delivery: Delivery, service: Service) -> list[str]:
    """Return what a post says on an account, part by part."""
    rows = variants.of_message(delivery, variants.chosen(delivery, service.id)).parts
    return [text for row in rows if (text := row.text.strip())]


def of_same_text(delivery: Delivery) -> Select[int]:
    """Select the other deliveries that have the text of this one."""
    return select(Delivery.id).where(_another(delivery), same_text(delivery))


def unwritten(runtime: Runtime, delivery: Delivery) -> Delivery | None:
    """Return one of the same chain, text and account of which messages are still to be written."""
    accounts = [service.id for service in delivery.services]
    own = select(DeliveryService.delivery_id).where(DeliveryService.service_id.in_(accounts))
    query = select(Delivery).where(
        Delivery.unwritten_after.is_not(None),
        Delivery.id.in_(own),
        _another(delivery),
        family(delivery),
    )
    return runtime.session.scalar(query.order_by(Delivery.id).limit(1))


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

    What went out counts `since` a moment, what waits always, each part of a thread by itself; a
    copy for the rest also minds what its chain published with another text.
    """
    others = _says_a_part(delivery)
    if delivery.rest_of_id is not None:
        others = or_(others, _chain(delivery))
    half_out = and_(Message.parts_sent > 0, Message.taken_back_at.is_(None))
    lately = or_(
        Message.state.in_((MessageState.PENDING, MessageState.SENDING)),
        and_(or_(Message.state.in_(OVER), half_out), Message.changed_at >= since),
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
