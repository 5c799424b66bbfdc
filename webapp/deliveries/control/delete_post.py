"""Take back what a message published: the network deletes each part, and a ledger says so."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select, update

from channels import ChannelError, ErrorKind
from webapp.deliveries import counters, failures, reasons
from webapp.deliveries.drafts.editing import get
from webapp.deliveries.models import (
    Attempt,
    Deletion,
    DeletionOutcome,
    Delivery,
    Message,
    MessageState,
)
from webapp.deliveries.queries import log
from webapp.kernel import leases
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.formats import when
from webapp.kernel.time.expiry import expired
from webapp.services.client import Client
from webapp.services.limits.quota import LimitReached

Keep = Callable[[], None]


@requires(Permission.VIEW)
def can_take_back(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether the channel of a delivery deletes what it published."""
    known = runtime.registry.has(delivery.channel)
    has = runtime.registry.get(delivery.channel).capabilities if known else ()
    return delivery.kind.retractable and "posts" in has


@requires(Permission.WRITE)
def take_back(
    runtime: Runtime, delivery_id: int, message_id: int, seen: Collection[int] | None = None
) -> Message:
    """Delete what a message published; raise `Conflict` with the reason when that cannot be done.

    `seen` are the attempts whose parts the operator was shown: nothing else is deleted. A part that
    is gone already is no fault of a channel, so whoever is told that the outcome is unknown may
    simply try again.
    """
    delivery = get(runtime, delivery_id)
    message = log.of_delivery(runtime, delivery_id, message_id)
    _refuse_others(runtime, delivery, message)
    with _alone(runtime, message) as keep:
        parts = parts_out(runtime, message)
        if not parts:
            raise Conflict(_("This post has been taken back already."))
        if seen is not None and {part.id for part in parts} != set(seen):
            raise Conflict(_("Something else is out than you were shown. Look at it again."))
        for part in parts:
            cost = _delete_part(runtime, message, part, keep)
            if part is parts[-1]:
                # With its last part: who dies in between would leave nothing to be taken back.
                _gone(runtime, delivery, message)
            runtime.session.flush()
            counters.add(runtime, delivery.id, {(counters.TAKEN_BACK, ""): (0, cost)})
            runtime.session.commit()
    return message


def _gone(runtime: Runtime, delivery: Delivery, message: Message) -> None:
    """Write that nothing of a message stands any more; the caller commits."""
    ended_at = message.changed_at
    message.taken_back_at = message.changed_at = runtime.now()
    account, was = message.service.shown_name, counters.place(message.state, message.reason)
    if message.state is MessageState.CANCELLED:
        message.reason = reasons.TAKEN_BACK
    runtime.record("delivery.take_back", delivery, account=account, remote_id=message.remote_id)
    runtime.session.flush()  # Counters are the last that is written.
    if message.state is MessageState.SENT:
        counters.taken_back(runtime, delivery.id)
    else:
        now = counters.place(message.state, message.reason)
        counters.moved(runtime, delivery.id, (was, now))
        whose = (delivery.id, message.service_id)
        failures.count(runtime, whose, was, -1, ended_at)
        failures.count(runtime, whose, now, 1, message.changed_at)


@contextmanager
def _alone(runtime: Runtime, message: Message) -> Iterator[Keep]:
    """Keep everybody else from deleting a post meanwhile: each call is counted and charged.

    What it yields takes the lease anew, since a thread may take longer than one lasts. Whoever dies
    in between keeps the others off only until their lease is over.
    """
    until, free = leases.end(runtime), expired_lease(runtime)
    settled = Message.state.not_in((MessageState.PENDING, MessageState.SENDING))
    if not _lease(runtime, message, free, settled, until=until):
        raise Conflict(_("Somebody else takes this post back just now. Look again in a minute."))

    def keep() -> None:
        nonlocal until
        was, until = until, leases.end(runtime)
        if not _lease(runtime, message, Message.leased_until == was, settled, until=until):
            raise Conflict(_("Somebody else goes on with this post. Look at it again."))

    try:
        yield keep
    finally:
        runtime.session.rollback()
        _lease(runtime, message, Message.leased_until == until, until=None)


def expired_lease(runtime: Runtime) -> Any:
    """Return the condition that nobody has a message in hand."""
    over = expired(Message.leased_until, runtime.clock.system(), leases.length(runtime))
    return or_(Message.leased_until.is_(None), over)


def _lease(runtime: Runtime, message: Message, *tests: Any, until: datetime | None) -> bool:
    """Take, keep or give up the lease of a message where the tests hold; commits, or rolls back."""
    taken = updated(
        runtime.session,
        update(Message).where(Message.id == message.id, *tests).values(leased_until=until),
    )
    if not taken:
        runtime.session.rollback()
        return False
    runtime.session.commit()
    return True


def _refuse_others(runtime: Runtime, delivery: Delivery, message: Message) -> None:
    if not can_take_back(runtime, delivery):
        raise Conflict(_("A message that went out cannot be taken back."))
    if not message.is_out:
        raise Conflict(_("Only a post that is still on the account can be taken back."))
    if not parts_out(runtime, message):
        raise Conflict(_("This post has been taken back already."))


def parts_out(runtime: Runtime, message: Message) -> Sequence[Attempt]:
    """Return the attempts whose parts are still on the network, the last part first."""
    query = select(Attempt).where(
        Attempt.message_id == message.id,
        Attempt.remote_id.is_not(None),
        Attempt.taken_back_at.is_(None),
    )
    return runtime.session.scalars(query.order_by(Attempt.position.desc(), Attempt.id)).all()


def _delete_part(runtime: Runtime, message: Message, part: Attempt, keep: Keep) -> Decimal:
    """Have one part deleted and return its cost: a row before the call, its outcome after it.

    The caller commits that it was deleted; that it was not is committed here, and told.
    """
    _close_what_was_left(runtime, part)
    row = Deletion(attempt_id=part.id, by=runtime.actor.name, started_at=runtime.now())
    runtime.session.add(row)
    keep()
    try:
        row.cost = cost = Client(runtime, message.service).delete(part.remote_id or "")
    except LimitReached as spent:
        _end(runtime, row, DeletionOutcome.REFUSED, "limit")
        runtime.session.commit()
        sentence = _("The network lets you delete again %(at)s.", at=when(spent.until))
        raise Conflict(sentence) from spent
    except ChannelError as fault:
        raise _not_deleted(runtime, row, fault) from fault
    part.taken_back_at = runtime.now()
    _end(runtime, row, DeletionOutcome.DELETED)
    return cost


def _not_deleted(runtime: Runtime, row: Deletion, fault: ChannelError) -> Conflict:
    unknown = fault.kind is ErrorKind.UNKNOWN
    row.said = notices.of(fault.said or fault.message)
    outcome = DeletionOutcome.UNKNOWN if unknown else DeletionOutcome.REFUSED
    _end(runtime, row, outcome, fault.code)
    runtime.session.commit()
    if unknown:
        sentence = _(
            "Nobody knows whether it was deleted: %(why)s Try again; what is gone stays gone.",
            why=fault.message,
        )
        return Conflict(sentence)
    return Conflict(_("The post is still there: %(why)s", why=fault.message))


def _end(runtime: Runtime, row: Deletion, outcome: DeletionOutcome, code: str = "") -> None:
    row.outcome, row.code, row.ended_at = outcome, code, runtime.now()


def _close_what_was_left(runtime: Runtime, part: Attempt) -> None:
    """Write of calls whose makers died that nobody knows their outcome; the caller commits."""
    runtime.session.execute(
        update(Deletion)
        .where(Deletion.attempt_id == part.id, Deletion.outcome.is_(None))
        .values(outcome=DeletionOutcome.UNKNOWN, ended_at=runtime.now())
        .execution_options(synchronize_session=False)
    )
