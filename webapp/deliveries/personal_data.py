"""What deliveries know of a person: told in a copy for them, and erased at their wish.

Messages stay as lines that count, without what they said and to whom. Texts that operators wrote
to everybody are theirs, and nothing of one person.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, delete, literal, or_, select, update

from webapp.audience.models import Visitor
from webapp.audience.personal_data import count, empty
from webapp.audience.places import Fate, Holding, additions_of
from webapp.deliveries.models import (
    Attempt,
    ChannelEvent,
    ContentPart,
    Delivery,
    DeliveryRecipient,
    DeliveryVariant,
    EventOutcome,
    FollowUp,
    MediaUpload,
    Message,
    MessageState,
    PartMedia,
)
from webapp.kernel.audit import AuditEntry
from webapp.kernel.db.changes import updated
from webapp.kernel.db.rows import plain
from webapp.kernel.errors import Conflict
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING

Row = Mapping[str, Any]
BATCH = 500
# No network lets anybody be called so.
NOBODY = "(erased)"


def _sent_to(visitor: Visitor) -> ColumnElement[bool]:
    return Message.visitor_id == visitor.id


def _written_for(visitor: Visitor) -> ColumnElement[bool]:
    """Return the condition of a delivery to this person alone, and of its proofs."""
    own = select(DeliveryRecipient.delivery_id).where(DeliveryRecipient.visitor_id == visitor.id)
    return or_(Delivery.id.in_(own), Delivery.parent_id.in_(own))


def _shown_in(visitor: Visitor) -> ColumnElement[bool]:
    """Return the condition of an attempt of a proof that was filled with this person's data.

    One that was filled with whoever came first names nobody but by its text.
    """
    words = {visitor.handle, visitor.name, visitor.first_name} - {""}
    named = or_(*(Attempt.text.contains(word, autoescape=True) for word in words))
    chosen = Delivery.proof_visitor_id
    proofs = select(Message.id).join(Delivery).where(Delivery.parent_id.is_not(None))
    return or_(
        Attempt.message_id.in_(proofs.where(chosen == visitor.id)),
        and_(Attempt.message_id.in_(proofs.where(chosen.is_(None))), named),
    )


def _told(runtime: Runtime, visitor: Visitor) -> list[ChannelEvent]:
    """Return what networks told of a person and is not applied yet, or never could be."""
    tries = select(Attempt.remote_id).join(Message).where(_sent_to(visitor))
    known = set(runtime.session.scalars(tries.where(Attempt.remote_id.is_not(None))))
    # Apart, since each has an index of its own.
    wanted = ChannelEvent.applied_at.is_(None), ChannelEvent.outcome == EventOutcome.FAILED
    rows = {
        row for one in wanted for row in runtime.session.scalars(select(ChannelEvent).where(one))
    }
    about = [row for row in rows if row.message_id in known or _is_about(row.details, visitor)]
    return sorted(about, key=lambda row: row.id)


def _is_about(details: Mapping[str, Any], visitor: Visitor) -> bool:
    told = (details.get("person"), (details.get("reply") or {}).get("person"))
    return any(person and person.get("remote_id") == visitor.remote_id for person in told)


def _messages(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(Message).where(_sent_to(visitor)).order_by(Message.id)
    for row in runtime.session.scalars(rows):
        tries = select(Attempt).where(Attempt.message_id == row.id).order_by(Attempt.number)
        yield {
            "delivery": row.delivery.label,
            "account": row.service.shown_name,
            **plain(row, "state", "reason", "sent_at", "arrival", "arrived_at", "remote_id"),
            "attempts": [
                plain(item, "started_at", "ended_at", "outcome", "text", "remote_id")
                for item in runtime.session.scalars(tries)
            ],
        }


def _deliveries(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(Delivery).where(_written_for(visitor)).order_by(Delivery.id)
    for row in runtime.session.scalars(rows):
        texts = [part.text for variant in row.variants for part in variant.parts]
        yield plain(row, "label", "state", "created_by", "created_at") | {"texts": texts}


def _events(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    for row in _told(runtime, visitor):
        yield plain(row, "kind", "happened_at", "received_at", "details")


def _empty_messages(runtime: Runtime, visitor: Visitor) -> None:
    """Leave lines that count; raise `Conflict` while one of them is on its way.

    Their rows are locked first, so that no worker claims one meanwhile.
    """
    rows = select(Message.id, Message.state).where(_sent_to(visitor)).with_for_update()
    states = dict(runtime.session.execute(rows.order_by(Message.id)).all())
    if MessageState.SENDING in states.values():
        raise Conflict(_("A message to this person is on its way. Try again in a minute."))
    messages = select(Message.id).where(_sent_to(visitor))
    updated(runtime.session, _emptied(Attempt.message_id.in_(messages)))
    updated(runtime.session, delete(MediaUpload).where(MediaUpload.message_id.in_(messages)))
    blank = update(Message).where(_sent_to(visitor))
    updated(
        runtime.session,
        blank.values(
            # Ids of people are given again, and nobody else's message may stand in its way.
            recipient=literal("erased:") + cast(Message.id, String),
            visitor_id=None,
            subscription_id=None,
            said=NOTHING,
            remote_id=None,
            remote_url=None,
        ),
    )


def _emptied(condition: ColumnElement[bool]) -> Any:
    """Return the UPDATE that leaves of attempts when they were made and what became of them."""
    blank = update(Attempt).where(condition)
    return blank.values(text="", said=NOTHING, remote_id=None, remote_url=None)


def _empty_deliveries(runtime: Runtime, visitor: Visitor) -> None:
    """Take out what was written for one person alone, its label and what the audit says of it."""
    ids = runtime.session.scalars(select(Delivery.id).where(_written_for(visitor))).all()
    parts = select(ContentPart.id).join(DeliveryVariant).where(DeliveryVariant.delivery_id.in_(ids))
    updated(runtime.session, delete(PartMedia).where(PartMedia.part_id.in_(parts)))
    blank = update(ContentPart).where(ContentPart.id.in_(parts))
    updated(runtime.session, blank.values(text="", subject="", html=""))
    messages = select(Message.id).where(Message.delivery_id.in_(ids))
    updated(runtime.session, _emptied(Attempt.message_id.in_(messages)))
    empty(
        runtime, and_(AuditEntry.subject == Delivery.__tablename__, AuditEntry.subject_id.in_(ids))
    )
    runtime.session.expire_all()
    for delivery in runtime.session.scalars(select(Delivery).where(Delivery.id.in_(ids))):
        # Its number says enough, in any language.
        delivery.label = f"#{delivery.id}"


def _empty_proofs(runtime: Runtime, visitor: Visitor) -> None:
    updated(runtime.session, _emptied(_shown_in(visitor)))


def _naming(runtime: Runtime, visitor: Visitor) -> list[Delivery]:
    """Return the deliveries whose conditions ask for this very person."""
    words = _words(visitor)
    filtered = select(Delivery).where(cast(Delivery.filters, String) != "[]")
    rows = runtime.session.scalars(filtered.execution_options(yield_per=BATCH))
    return [row for row in rows if _without(row.filters, words) != row.filters]


def _words(visitor: Visitor) -> frozenset[str]:
    names = (visitor.handle, visitor.name, visitor.remote_id)
    return frozenset(fold(name) for name in names if name)


def _without(value: Any, words: frozenset[str]) -> Any:
    """Return conditions with a word that nobody is called in place of such a name.

    What asked for this person then finds nobody; without the condition it would find everybody.
    """
    if isinstance(value, Mapping):
        return {name: _without(item, words) for name, item in value.items()}
    if isinstance(value, list):
        return [_without(item, words) for item in value]
    return NOBODY if isinstance(value, str) and fold(value) in words else value


def _conditions(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    for row in _naming(runtime, visitor):
        yield plain(row, "label", "filters")


def _empty_conditions(runtime: Runtime, visitor: Visitor) -> None:
    words = _words(visitor)
    for row in _naming(runtime, visitor):
        row.filters = _without(row.filters, words)
    runtime.session.flush()


def _promised_to(visitor: Visitor) -> ColumnElement[bool]:
    return FollowUp.visitor_id == visitor.id


def _follow_ups(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(Delivery.label, FollowUp.at).join(FollowUp, FollowUp.delivery_id == Delivery.id)
    for label, at in runtime.session.execute(rows.where(_promised_to(visitor))):
        yield {"delivery": label, "at": at.isoformat()}


def _forget_follow_ups(runtime: Runtime, visitor: Visitor) -> None:
    runtime.session.execute(delete(FollowUp).where(_promised_to(visitor)))


def _remove_events(runtime: Runtime, visitor: Visitor) -> None:
    for row in _told(runtime, visitor):
        runtime.session.delete(row)


HOLDINGS = (
    # Before the messages, by whose ids networks tell of a person.
    Holding(
        name="events",
        fate=Fate.REMOVED,
        label=lambda n: ngettext(
            "%(num)s report of the network", "%(num)s reports of the network", n
        ),
        number=lambda runtime, who: len(_told(runtime, who)),
        rows=_events,
        erase=_remove_events,
    ),
    Holding(
        name="messages",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext(
            "%(num)s message sent or planned", "%(num)s messages sent or planned", n
        ),
        number=lambda runtime, who: count(runtime, Message, _sent_to(who)),
        rows=_messages,
        erase=_empty_messages,
    ),
    Holding(
        name="follow_ups",
        fate=Fate.REMOVED,
        label=lambda n: ngettext(
            "%(num)s note that a message followed a yes",
            "%(num)s notes that a message followed a yes",
            n,
        ),
        number=lambda runtime, who: count(runtime, FollowUp, _promised_to(who)),
        rows=_follow_ups,
        erase=_forget_follow_ups,
    ),
    Holding(
        name="deliveries",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext(
            "%(num)s delivery or proof written for one person alone",
            "%(num)s deliveries and proofs written for one person alone",
            n,
        ),
        number=lambda runtime, who: count(runtime, Delivery, _written_for(who)),
        rows=_deliveries,
        erase=_empty_deliveries,
    ),
    Holding(
        name="proofs",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext(
            "%(num)s proof that shows this name", "%(num)s proofs that show this name", n
        ),
        number=lambda runtime, who: count(runtime, Attempt, _shown_in(who)),
        rows=lambda _runtime, _who: (),
        erase=_empty_proofs,
    ),
    Holding(
        name="conditions",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext(
            "%(num)s delivery whose conditions ask for this name",
            "%(num)s deliveries whose conditions ask for this name",
            n,
        ),
        number=lambda runtime, who: len(_naming(runtime, who)),
        rows=_conditions,
        erase=_empty_conditions,
    ),
)
ADDITIONS = additions_of(HOLDINGS, rank=20)
