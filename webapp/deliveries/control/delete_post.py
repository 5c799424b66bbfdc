"""Take a published post back: the network deletes it, and the log says so."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import or_, select, update

from channels import ChannelError
from webapp.deliveries import counters
from webapp.deliveries.drafts.editing import get
from webapp.deliveries.models import Attempt, Delivery, Message, MessageState
from webapp.deliveries.queries import log
from webapp.kernel import leases
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import when
from webapp.kernel.time.expiry import expired
from webapp.services.client import Client
from webapp.services.limits.quota import LimitReached


@requires(Permission.VIEW)
def can_take_back(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether the channel of a delivery deletes what it published."""
    known = runtime.registry.has(delivery.channel)
    has = runtime.registry.get(delivery.channel).capabilities if known else ()
    return delivery.kind.retractable and "posts" in has


@requires(Permission.WRITE)
def take_back(runtime: Runtime, delivery_id: int, message_id: int) -> Message:
    """Delete one published post; raise `Conflict` with the reason when that cannot be done.

    A post that is gone already is no fault of a channel, so whoever is told that the outcome is
    unknown may simply try again.
    """
    delivery = get(runtime, delivery_id)
    message = log.of_delivery(runtime, delivery_id, message_id)
    _refuse_others(runtime, delivery, message)
    with _alone(runtime, delivery, message):
        for part in _standing(runtime, message):
            runtime.session.commit()  # What was deleted before stays so, whatever comes now.
            _delete_part(runtime, message, part)
        message.taken_back_at = message.changed_at = runtime.now()
        account = message.service.shown_name
        runtime.record("delivery.take_back", delivery, account=account, remote_id=message.remote_id)
        counters.taken_back(runtime, delivery.id)
        runtime.session.commit()
    return message


@contextmanager
def _alone(runtime: Runtime, delivery: Delivery, message: Message) -> Iterator[None]:
    """Keep everybody else from deleting a post meanwhile: each call is counted and charged.

    Whoever dies in between keeps the others off only until their lease is over.
    """
    until = leases.end(runtime)
    free = expired(Message.leased_until, runtime.clock.system(), leases.length(runtime))
    taken = runtime.session.execute(
        update(Message)
        .where(Message.id == message.id, Message.taken_back_at.is_(None))
        .where(or_(Message.leased_until.is_(None), free))
        .values(leased_until=until)
        .execution_options(synchronize_session=False)
    )
    runtime.session.commit()
    if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        runtime.session.refresh(message)
        _refuse_others(runtime, delivery, message)
        raise Conflict(_("Somebody else takes this post back just now. Look again in a minute."))
    try:
        yield
    finally:
        runtime.session.rollback()
        runtime.session.execute(
            update(Message)
            .where(Message.id == message.id, Message.leased_until == until)
            .values(leased_until=None)
            .execution_options(synchronize_session=False)
        )
        runtime.session.commit()


def _refuse_others(runtime: Runtime, delivery: Delivery, message: Message) -> None:
    if not can_take_back(runtime, delivery):
        raise Conflict(_("A message that went out cannot be taken back."))
    if message.state is not MessageState.SENT or message.remote_id is None:
        raise Conflict(_("Only a post that is still on the account can be taken back."))
    if message.taken_back_at:
        raise Conflict(_("This post has been taken back already."))


def _standing(runtime: Runtime, message: Message) -> Sequence[Attempt]:
    """Return the attempts whose parts are still on the network, the last part first."""
    query = select(Attempt).where(
        Attempt.message_id == message.id,
        Attempt.remote_id.is_not(None),
        Attempt.taken_back_at.is_(None),
    )
    return runtime.session.scalars(query.order_by(Attempt.position.desc(), Attempt.id)).all()


def _delete_part(runtime: Runtime, message: Message, part: Attempt) -> None:
    """Have one part deleted, which is charged for; the caller commits."""
    try:
        Client(runtime, message.service).delete(part.remote_id or "")
    except LimitReached as spent:
        sentence = _("The network lets you delete again %(at)s.", at=when(spent.until))
        raise Conflict(sentence) from spent
    except ChannelError as fault:
        raise Conflict(_("The post is still there: %(why)s", why=fault.message)) from fault
    part.taken_back_at = runtime.now()
