"""Keeps what people wrote to a service: who wrote first, who opted in, who wants no messages.

Every text is read by the core's own table and the instance's own words too, whatever channel it
came by: a channel may know fewer words. Words that are a refusal, or look like one, never let
somebody be messaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter

from sqlalchemy import select

from channels import InboundMessage, InboundPage, Operation, Wish
from channels.outcomes import CLOCKS_APART
from channels.wishes import Listener
from webapp.audience import erased, left_alone, own_accounts, own_words
from webapp.audience.bulk import upserts
from webapp.audience.consents import hearing
from webapp.audience.models import ReceivedMessage, Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import clean
from webapp.services import costs
from webapp.services.client import Client
from webapp.services.models import Service

HEARD = {
    None: hearing.first_word,
    Wish.OPT_IN: hearing.hear_opt_in,
    Wish.STOP: hearing.hear_stop,
    Wish.DOUBT: hearing.hear_doubt,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many messages of a page were new, and what the page cost."""

    new: int
    cost: Decimal


def keep(client: Client, page: InboundPage, *, charged: bool = True) -> Kept:
    """Write the messages of a page and what follows from them, and charge them.

    What a network tells by itself is not charged. Safe to do again; the caller commits.
    """
    runtime, service = client.runtime, client.service
    known = _known(runtime, service, page.messages)
    ours = own_accounts.remote_ids(runtime, service.kind)
    new = [item for item in page.messages if item.remote_id not in known]
    theirs = [item for item in new if item.person.remote_id not in ours]
    fresh = {item.remote_id: item for item in _of_now(runtime, service, theirs)}
    own = [item.received_at for item in new if item.person.remote_id in ours]
    cost = _charge(client, page, known, own) if charged else costs.NOTHING
    people = {item.person.remote_id: item.person for item in fresh.values()}
    upserts.visitors(runtime, service, list(people.values()), origin="inbox")
    ids = _visitor_ids(runtime, service, list(people))
    ear = own_words.ear(runtime)
    # In the order they were written: of a page one is the first word of its writer.
    for item in sorted(fresh.values(), key=attrgetter("received_at")):
        note = _note(service, ids[item.person.remote_id], item, runtime.now())
        note.heard = ear.revision
        _apply(runtime, service, note, heard(ear.listener, item.text, item.wish))
    for item in page.messages:
        before = known.get(item.remote_id)
        if before is not None and before.text != clean(item.text):
            _hear_again(runtime, service, before, item)
    return Kept(new=len(fresh), cost=cost)


def _of_now(
    runtime: Runtime, service: Service, messages: Sequence[InboundMessage]
) -> list[InboundMessage]:
    """Return messages but for those from before their writer was erased.

    Who wrote since then came back by their own wish, and is known again.
    """
    writers = {item.person.remote_id for item in messages}
    gone = erased.among(runtime, service.kind, writers)
    told = [
        item
        for item in messages
        if item.person.remote_id not in gone or item.received_at > gone[item.person.remote_id]
    ]
    back = {item.person.remote_id for item in told} & gone.keys()
    erased.came_back(runtime, service.kind, back)
    return told


def _hear_again(
    runtime: Runtime, service: Service, note: ReceivedMessage, item: InboundMessage
) -> None:
    """Hear a refusal that its writer made of a message that is known; what was heard stays.

    It holds from now on, since no network tells when it was changed.
    """
    ear = own_words.ear(runtime)
    wish = heard(ear.listener, item.text, item.wish)
    if wish not in (Wish.STOP, Wish.DOUBT) or note.wish == Wish.STOP.value:
        return
    note.text, note.received_at = clean(item.text), runtime.now()
    note.heard, note.settled = ear.revision, ""
    _apply(runtime, service, note, wish)


def heard(ear: Listener, text: str, told: Wish | None) -> Wish | None:
    """Return the wish of a message: the channel's answer, unless its words refuse.

    An agreement is the channel's to hear, since only it knows what the person answered to.
    """
    answers = {told, ear.wish_of(text)}
    return next((wish for wish in (Wish.STOP, Wish.DOUBT) if wish in answers), told)


def _known(
    runtime: Runtime, service: Service, messages: Sequence[InboundMessage]
) -> dict[str, ReceivedMessage]:
    query = select(ReceivedMessage).where(
        ReceivedMessage.service_id == service.id,
        ReceivedMessage.remote_id.in_([item.remote_id for item in messages]),
    )
    return {note.remote_id: note for note in runtime.session.scalars(query)}


def _charge(
    client: Client,
    page: InboundPage,
    known: dict[str, ReceivedMessage],
    own: Sequence[datetime],
) -> Decimal:
    """Charge what was read, except what was paid for today where that is free again.

    `own` tells when accounts of the house wrote: nothing is kept of that, as of what is besides.
    """
    today = costs.today(client.runtime)
    paid = [note for note in known.values() if note.read_at.date() == today]
    free = len(paid) if client.terms.free_again(Operation.INBOX) else 0
    unkept = _unkept(client, [*own, *page.besides])
    count = len(page.messages) - len(own) - free + unkept
    for note in known.values():
        note.read_at = client.runtime.now()
    if not count:
        return costs.NOTHING
    return client.charge(Operation.INBOX, count=count)


def _unkept(client: Client, dates: Sequence[datetime]) -> int:
    """Count what was read and is not kept, except what was paid for today where that is free again.

    The time up to which the last reading went tells.
    """
    service, now = client.service, costs.today(client.runtime)
    today = service.inbox_read_at and service.inbox_read_at.date() == now
    paid = today and client.terms.free_again(Operation.INBOX)
    mark = service.inbox_read_to if paid else None
    return sum(mark is None or at > mark for at in dates)


def _visitor_ids(runtime: Runtime, service: Service, remote_ids: list[str]) -> dict[str, int]:
    query = select(Visitor.remote_id, Visitor.id).where(
        Visitor.kind == service.kind, Visitor.remote_id.in_(remote_ids)
    )
    return dict(runtime.session.execute(query).all())


def _note(
    service: Service, visitor_id: int, item: InboundMessage, now: datetime
) -> ReceivedMessage:
    return ReceivedMessage(
        service_id=service.id,
        visitor_id=visitor_id,
        remote_id=item.remote_id,
        text=clean(item.text),
        received_at=not_to_come(item.received_at, now),
        read_at=now,
    )


def not_to_come(at: datetime, now: datetime) -> datetime:
    """Return when a network says that something was written, or now where that is yet to come.

    An agreement of next year would outlast every STOP until then.
    """
    return at if at <= now + CLOCKS_APART else now


def _apply(runtime: Runtime, service: Service, note: ReceivedMessage, wish: Wish | None) -> None:
    tie = subscription(runtime, service, note.visitor_id)
    HEARD[wish](runtime, tie, note)
    note.wish = wish.value if wish else ""
    runtime.session.add(note)


def subscription(runtime: Runtime, service: Service, visitor_id: int) -> Subscription:
    """Return what ties a person to a service; it is made where it is not there."""
    found = runtime.session.scalar(
        select(Subscription).where(
            Subscription.service_id == service.id, Subscription.visitor_id == visitor_id
        )
    )
    if found is None:
        found = Subscription(service_id=service.id, visitor_id=visitor_id)
        runtime.session.add(found)
        runtime.session.flush()  # The next message may be by the same person.
        left_alone.withhold(runtime, service, [visitor_id])
        runtime.session.refresh(found)
    return found
