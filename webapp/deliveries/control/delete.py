"""Remove a draft: one that was never proved goes, one that was keeps the records of its proofs."""

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.audience.personal_data import empty
from webapp.deliveries import proofs
from webapp.deliveries.control import cancel_rest
from webapp.deliveries.drafts.editing import editable
from webapp.deliveries.models import MOVING, Delivery, DeliveryState, Held, Message, MessageState
from webapp.kernel.audit import AuditEntry
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice


@requires(Permission.WRITE)
def remove(runtime: Runtime, delivery_id: int) -> None:
    """Take a draft out of every list; what its proofs sent stays on record."""
    delivery = editable(runtime, delivery_id)
    _refuse_unsettled(runtime, delivery)
    runtime.record("delivery.remove", delivery)
    if proofs.proofs(runtime, delivery.id):
        _put_away(runtime, delivery)
    else:
        _delete(runtime, delivery)
    runtime.session.commit()


def _delete(runtime: Runtime, delivery: Delivery) -> None:
    """Delete a draft; of one to a single person the audit tells no more whom it was for.

    An erasure of that person would not find those lines without the draft.
    """
    if delivery.personal:
        runtime.session.flush()
        subject, number = AuditEntry.subject, AuditEntry.subject_id
        empty(runtime, and_(subject == Delivery.__tablename__, number == delivery.id))
    runtime.session.delete(delivery)


def _refuse_unsettled(runtime: Runtime, delivery: Delivery) -> None:
    """Wait for what may be on its way: a proof that moves, or that the network is asked about."""
    moves = _proof_with(runtime, delivery, Delivery.state.in_(MOVING))
    if moves is not None:
        raise Conflict(
            _(
                "Proof #%(n)s of this delivery is still on its way. Wait for it, or stop it on its "
                "own page; then remove the delivery.",
                n=moves,
            )
        )
    asked = and_(Message.state == MessageState.UNKNOWN, Message.due_at.is_not(None))
    unsettled = select(Message.delivery_id).where(or_(Message.state == MessageState.SENDING, asked))
    unknown = _proof_with(runtime, delivery, Delivery.id.in_(unsettled))
    if unknown is not None:
        raise Conflict(
            _(
                "What became of proof #%(n)s is not known yet. Fanfare asks the network; remove "
                "the delivery once its page says what became of it.",
                n=unknown,
            )
        )


def _proof_with(runtime: Runtime, delivery: Delivery, condition: ColumnElement[bool]) -> int | None:
    """Return the number of the newest proof that fulfils a condition."""
    proof = select(Delivery.number).where(Delivery.parent_id == delivery.id, condition)
    return runtime.session.scalar(proof.order_by(Delivery.number.desc()).limit(1))


def _put_away(runtime: Runtime, delivery: Delivery) -> None:
    """Close a draft with its proofs, so that nothing of it can be sent any more."""
    now = runtime.now()
    why = Notice("removed", name=runtime.actor.name)
    held = (Delivery.parent_id == delivery.id, Delivery.state == DeliveryState.PAUSED)
    for proof in runtime.session.scalars(select(Delivery).where(*held)):
        proof.state, proof.finished_at = DeliveryState.STOPPED, now
        proof.suspend(why, Held.OPERATOR)
        cancel_rest(runtime, proof, "stopped")
    delivery.state, delivery.removed_at = DeliveryState.STOPPED, now
    delivery.suspend(why, Held.OPERATOR)
    delivery.finished_at = now
