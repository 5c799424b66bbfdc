"""What needs somebody: what failed, what is unknown, proofs to approve, and what is held up.

Each condition is made once: every page asks how many need somebody, and making the conditions took
longer than their answer.
"""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from webapp.deliveries import counters, reasons
from webapp.deliveries.kinds import PUBLIC
from webapp.deliveries.models import (
    EDITABLE,
    OVER,
    Arrival,
    Delivery,
    DeliveryState,
    Held,
    Message,
    MessageState,
)
from webapp.deliveries.models.message import REASONED


@cache
def needs_somebody() -> ColumnElement[bool]:
    """Return the condition that a delivery waits for its operator."""
    return or_(
        Delivery.state.in_((DeliveryState.PAUSED, DeliveryState.REJECTED)),
        unsettled(),
        doubtful(),
        *(
            Delivery.id.in_(select(proofs().c.parent))
            for proofs in (awaiting_approval, blocked, unheard)
        ),
    )


@cache
def unsettled() -> ColumnElement[bool]:
    """Return the condition that a delivery has a fault, and nobody settled it yet.

    A refused post needs somebody at once; of direct messages the faults wait for the end, since
    a large delivery meets some in each hour.
    """
    early = or_(Delivery.state.in_(OVER), Delivery.family.in_(PUBLIC))
    return and_(early, or_(*faults().values()))


@cache
def faults() -> Mapping[str, ColumnElement[bool]]:
    """Return the conditions that something went wrong since a delivery was settled, by its name.

    The gravest comes first: it failed, it ended half-way, nobody can tell, it came back later, or
    somebody complained. Each for itself: of several together no index is a range.
    """
    given_up = (Message.state == MessageState.UNKNOWN, Message.due_at.is_(None))
    sent, cancelled = MessageState.SENT, MessageState.CANCELLED
    return {
        "failed": _has(Message.state == MessageState.FAILED, _since_settled()),
        "half_out": _has(_ended(cancelled, *reasons.HALF_OUT), _since_settled()),
        "unknown": _has(*given_up, _since_settled()),
        "bounced": _has(_ended(sent, Arrival.BOUNCED), _since_settled()),
        "complained": _has(_ended(sent, counters.COMPLAINED), _since_settled()),
    }


def _ended(state: MessageState, *codes: str) -> ColumnElement[bool]:
    """Return the condition of a state with one of these reasons, for which there is an index."""
    return and_(Message.state == state, Message.reason.in_(codes), text(REASONED))


@cache
def doubtful() -> ColumnElement[bool]:
    """Return the condition that the outcome of a message is unknown, and nobody settled that."""
    asked = Message.due_at.is_not(None)
    return _has(Message.state == MessageState.UNKNOWN, or_(asked, _since_settled()))


@cache
def _since_settled() -> ColumnElement[bool]:
    return or_(Delivery.settled_at.is_(None), Message.changed_at > Delivery.settled_at)


def _has(*tests: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Message.delivery_id == Delivery.id, *tests)


@cache
def awaiting_approval() -> Subquery:
    """Select the newest proof that waits for approval of each delivery: columns `parent`, `proof`.

    It arrived, it carried the present text, and no other proof of that text is approved.
    """
    parent, proof, other = aliased(Delivery), aliased(Delivery), aliased(Delivery)
    approved = exists().where(
        other.parent_id == parent.id,
        other.content_hash == parent.content_hash,
        other.approved_at.is_not(None),
    )
    return (
        select(parent.id.label("parent"), func.max(proof.id).label("proof"))
        .join(proof, proof.parent_id == parent.id)
        .where(
            proof.content_hash == parent.content_hash,
            proof.state == DeliveryState.FINISHED,
            proof.wait_code == Held.NOTHING,
            parent.state.in_(EDITABLE),
            ~approved,
        )
        .group_by(parent.id)
        .subquery()
    )


@cache
def blocked() -> Subquery:
    """Select the proof held up of each delivery: columns `parent`, `proof`.

    Its text still needs one: no later one was sent, and none is approved.
    """
    parent, proof, other = aliased(Delivery), aliased(Delivery), aliased(Delivery)
    approved = (other.content_hash == parent.content_hash) & other.approved_at.is_not(None)
    settled = exists().where(
        other.parent_id == parent.id, or_(other.number > proof.number, approved)
    )
    return (
        select(parent.id.label("parent"), proof.id.label("proof"))
        .join(proof, proof.parent_id == parent.id)
        .where(
            proof.state == DeliveryState.PAUSED,
            proof.content_hash == parent.content_hash,
            parent.state.in_(EDITABLE),
            ~settled,
        )
        .subquery()
    )


@cache
def unheard() -> Subquery:
    """Select the newest proof of unknown outcome of each delivery: columns `parent`, `proof`.

    Its text still needs one: no later one was sent.
    """
    parent, proof, other = aliased(Delivery), aliased(Delivery), aliased(Delivery)
    later = exists().where(other.parent_id == parent.id, other.number > proof.number)
    unknown = exists().where(Message.delivery_id == proof.id, Message.state == MessageState.UNKNOWN)
    return (
        select(parent.id.label("parent"), proof.id.label("proof"))
        .join(proof, proof.parent_id == parent.id)
        .where(
            proof.content_hash == parent.content_hash,
            parent.state.in_(EDITABLE),
            unknown,
            ~later,
        )
        .subquery()
    )
