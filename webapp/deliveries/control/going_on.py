"""Let a thread go on that ended half-way for a passing reason: behind its last part that is out."""

from datetime import timedelta

from sqlalchemy import Exists, exists, or_, select, update

from webapp.deliveries import counters, failures
from webapp.deliveries.control.delete_post import expired_lease
from webapp.deliveries.drafts.editing import locked
from webapp.deliveries.events import announce
from webapp.deliveries.models import (
    OVER,
    Attempt,
    Deletion,
    DeletionOutcome,
    Delivery,
    DeliveryState,
    Message,
    MessageState,
)
from webapp.deliveries.queries import log
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime


@requires(Permission.VIEW)
def can_go_on(runtime: Runtime, message: Message) -> bool:
    """Tell whether a message ended half-way before the network refused a part for good.

    Nothing of it may have been taken back, or be about to: the rest would answer to nothing.
    """
    passing = message.is_half_out and message.state is MessageState.CANCELLED
    over = message.delivery.state in OVER and not message.delivery.is_proof
    return passing and over and not runtime.session.scalar(select(_touched(message.id)))


@requires(Permission.WRITE)
def go_on(runtime: Runtime, delivery_id: int, message_id: int) -> Delivery:
    """Send the parts that are not out yet, for as long again as the delivery was valid.

    Every gate is asked again before the next part. Raise `Conflict` where it cannot go on.
    """
    delivery = locked(runtime, delivery_id)
    message = log.of_delivery(runtime, delivery_id, message_id)
    runtime.session.refresh(message)
    was = counters.place(MessageState.CANCELLED, message.reason)
    ended_at, whose = message.changed_at, (delivery_id, message.service_id)
    if not can_go_on(runtime, message) or not _moved(runtime, message):
        raise Conflict(_("This message cannot go on."))
    failures.count(runtime, whose, was, -1, ended_at)
    delivery.state, delivery.finished_at = DeliveryState.SENDING, None
    delivery.resume_at = runtime.now()
    delivery.expires_at = runtime.now() + timedelta(seconds=delivery.valid_for)
    delivery.free()
    account = message.service.shown_name
    runtime.record("delivery.go_on", delivery, account=account, parts=message.parts_sent)
    runtime.session.flush()
    counters.moved(runtime, delivery.id, (was, counters.place(MessageState.PENDING)))
    runtime.session.commit()
    announce(runtime, delivery)
    return delivery


def _moved(runtime: Runtime, message: Message) -> bool:
    """Let a message wait for its turn, unless somebody has it in hand; the caller commits."""
    moved = updated(
        runtime.session,
        update(Message)
        .where(
            Message.id == message.id,
            Message.state == MessageState.CANCELLED,
            Message.taken_back_at.is_(None),
            expired_lease(runtime),
            ~_touched(message.id),
        )
        .values(
            state=MessageState.PENDING,
            reason="",
            due_at=None,
            leased_until=None,
            changed_at=runtime.now(),
        ),
    )
    return bool(moved)


def _touched(message_id: int) -> Exists:
    """Return the condition that a part of a message was deleted, or may have been."""
    done = or_(Deletion.outcome.is_(None), Deletion.outcome != DeletionOutcome.REFUSED)
    return exists().where(Attempt.message_id == message_id, Deletion.attempt_id == Attempt.id, done)
