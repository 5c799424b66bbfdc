"""Messages that look like a refusal: who is held by one, and what an operator decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import joinedload

from channels import Wish
from webapp.audience import consent
from webapp.audience.consents import ledger
from webapp.audience.models import Answer, ReceivedMessage, Subscription, Visitor
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

STOP, OTHER = "stop", "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One person who is held on an account, and the newest message that holds them."""

    subscription: Subscription
    note: ReceivedMessage


def waiting(runtime: Runtime, most: int) -> list[Doubt]:
    """Return whom a message holds, those who wait longest first."""
    oldest = _held().order_by(Subscription.doubted_at, ReceivedMessage.id).limit(most)
    found = dict(runtime.session.execute(oldest).all())
    return [Doubt(subscription=row, note=note) for row, note in found.items()]


@requires(Permission.VIEW)
def of_person(runtime: Runtime, visitor: Visitor) -> dict[int, ReceivedMessage]:
    """Return the message that holds a person, by the subscription it is about."""
    mine = _held().where(Subscription.visitor_id == visitor.id).order_by(ReceivedMessage.id)
    return {row.id: note for row, note in runtime.session.execute(mine)}


def _held() -> Select[Subscription, ReceivedMessage]:
    mine = and_(
        ReceivedMessage.service_id == Subscription.service_id,
        ReceivedMessage.visitor_id == Subscription.visitor_id,
        ReceivedMessage.received_at == Subscription.doubted_at,
        ReceivedMessage.wish == Wish.DOUBT.value,
        ReceivedMessage.settled == "",
    )
    return (
        select(Subscription, ReceivedMessage)
        .join(ReceivedMessage, mine)
        .join(Service, Service.id == Subscription.service_id)
        .where(consent.in_doubt(), ~consent.stopped(), Service.removed_at.is_(None))
        .options(joinedload(Subscription.visitor), joinedload(Subscription.service))
    )


@requires(Permission.WRITE)
def settle(
    runtime: Runtime, subscription_id: int, note_id: int | None, *, is_stop: bool
) -> Subscription:
    """Decide what the message was that holds somebody.

    It is a STOP as of when it was written; or it is none, and somebody who wrote may be answered,
    once this was said of each message in doubt: an older one that nobody read may be a refusal.
    `note_id` is the message the operator read; `None` takes the newest. Raise `Conflict` where
    somebody decided before, or the person wrote another one since.
    """
    row = runtime.session.get(
        Subscription, subscription_id, populate_existing=True, with_for_update={"of": Subscription}
    )
    if row is None:
        raise NotFound(_("There is no such subscription."))
    notes = _open_notes(runtime, row)
    if row.doubted_at is None or not notes:
        raise Conflict(_("Nothing of this person is in doubt any more."))
    if note_id is not None and notes[-1].id != note_id:
        raise Conflict(_("They wrote again meanwhile. Read the newest message first."))
    *left, read = notes
    if is_stop:
        _answer(runtime, row, notes, Answer.OPT_OUT)
        _close(runtime, notes, STOP)
    else:
        _answer(runtime, row, [read], Answer.WROTE_FIRST, left=left)
        _close(runtime, [read], OTHER)
    action = "subscription.doubt_is_stop" if is_stop else "subscription.doubt_is_none"
    runtime.record(action, row, said=notes[-1].text)
    runtime.session.commit()
    return row


def _open_notes(runtime: Runtime, row: Subscription) -> Sequence[ReceivedMessage]:
    return runtime.session.scalars(
        select(ReceivedMessage)
        .where(
            ReceivedMessage.service_id == row.service_id,
            ReceivedMessage.visitor_id == row.visitor_id,
            ReceivedMessage.wish == Wish.DOUBT.value,
            ReceivedMessage.settled == "",
        )
        .order_by(ReceivedMessage.received_at, ReceivedMessage.id)
    ).all()


def _answer(
    runtime: Runtime,
    tie: Subscription,
    notes: Sequence[ReceivedMessage],
    answer: Answer,
    left: Sequence[ReceivedMessage] = (),
) -> None:
    """Let an answer take the place of each doubt but for those that are `left`.

    A doubt whose message is kept no more cannot be read: it ends with what was decided.
    """
    open_ = {row.at: row.id for row in ledger.held(runtime, tie) if row.answer is Answer.DOUBT}
    said = [ledger.of_message(note, answer, open_.pop(note.received_at, None)) for note in notes]
    waiting = {note.received_at for note in left}
    said += [
        replace(said[-1], answer=Answer.VOID, replaces_id=number)
        for at, number in open_.items()
        if at not in waiting
    ]
    ledger.append_all(runtime, [(tie, one) for one in said])


def _close(runtime: Runtime, notes: Sequence[ReceivedMessage], decided: str) -> None:
    for note in notes:
        note.settled, note.settled_by = decided, runtime.actor.name
        note.settled_at = runtime.now()
