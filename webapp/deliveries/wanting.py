"""The proofs that need somebody: to be approved, or because they are held up."""

from sqlalchemy import Subquery, exists, func, or_, select
from sqlalchemy.orm import aliased

from webapp.deliveries.models import EDITABLE, Delivery, DeliveryState


def waiting() -> Subquery:
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
            proof.held_by == "",
            parent.state.in_(EDITABLE),
            ~approved,
        )
        .group_by(parent.id)
        .subquery()
    )


def held() -> Subquery:
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
