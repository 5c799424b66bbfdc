"""Applies what networks told, each thing once, in the transaction that marks it as applied."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from channels import EventKind, InboundMessage, InboundPage, Person, Wish
from webapp.audience import erased, quarantine
from webapp.audience.consents import hearing
from webapp.audience.inbox import inbound_messages
from webapp.audience.models import Subscription
from webapp.deliveries import kinds
from webapp.deliveries.feedback import arrivals, people
from webapp.deliveries.models import (
    Arrival,
    Attempt,
    ChannelEvent,
    EventOutcome,
    Message,
    MessageState,
)
from webapp.kernel import faults
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING
from webapp.kernel.time.expiry import expired
from webapp.services.client import Client
from webapp.services.models import Service

log = logging.getLogger(__name__)

BATCH = 500
# The outcome of a call may be known later than its event, by as long as it may stay unknown.
AGAIN_AFTER, TRIED_FOR = timedelta(minutes=5), timedelta(days=2)
# Of a thread the first parts may be told of while the others are on their way.
UNSETTLED = (MessageState.PENDING, MessageState.SENDING, MessageState.UNKNOWN)
# Named, so that the index of what attempts left on networks answers.
KIND_NAMES = tuple(kind.name for kind in kinds.EVERY)


def due(runtime: Runtime) -> Sequence[int]:
    """Return the accounts whose networks told something that waits to be applied."""
    return runtime.session.scalars(
        select(ChannelEvent.service_id)
        .where(ChannelEvent.applied_at.is_(None), _has_come(runtime))
        .distinct()
    ).all()


def _has_come(runtime: Runtime) -> ColumnElement[bool]:
    """An event whose turn has come; none, such as a STOP, waits for a clock that was set back."""
    return expired(ChannelEvent.due_at, runtime.now(), AGAIN_AFTER)


def apply_events(runtime: Runtime, service_id: int) -> None:
    """Apply what waits of one account, in the order it came in."""
    service = runtime.session.get(Service, service_id)
    ids = runtime.session.scalars(
        select(ChannelEvent.id)
        .where(
            ChannelEvent.service_id == service_id,
            ChannelEvent.applied_at.is_(None),
            _has_come(runtime),
        )
        .order_by(ChannelEvent.id)
        .limit(BATCH)
    ).all()
    runtime.session.commit()
    if service is not None:
        for number in ids:
            _alone(runtime, service, number)


def _alone(runtime: Runtime, service: Service, number: int) -> None:
    """Apply one event, so that its fault keeps none of the others; an outage is raised."""
    try:
        _apply(runtime, service, number)
    except Exception as fault:
        runtime.session.rollback()
        if faults.is_outage(fault):
            raise
        log.exception("The event %s cannot be applied.", number)
        _later(runtime, number, EventOutcome.FAILED)


def _apply(runtime: Runtime, service: Service, number: int) -> None:
    """Mark an event as applied and do what follows from it, in one transaction.

    The row count proves that no other job has it. One that must wait is rolled back.
    """
    erased.read_in(runtime)
    marked = runtime.session.execute(
        update(ChannelEvent)
        .where(ChannelEvent.id == number, ChannelEvent.applied_at.is_(None))
        .values(applied_at=runtime.now())
        .execution_options(synchronize_session=False)
    )
    if not marked.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        runtime.session.rollback()
        return
    event = runtime.session.get_one(ChannelEvent, number, populate_existing=True)
    outcome = APPLY[event.kind](runtime, service, event)
    if outcome is EventOutcome.NO_MESSAGE:
        runtime.session.rollback()
        _later(runtime, number, outcome)
        return
    _end(event, outcome)
    runtime.session.commit()


def _end(event: ChannelEvent, outcome: EventOutcome) -> None:
    """Write what became of an event, and forget whom it was about and what was said of them.

    That stands where it belongs now, and leaves with the person. Only what failed is kept whole,
    since a refusal may be in it.
    """
    event.outcome = outcome
    if outcome is not EventOutcome.FAILED:
        event.details, event.said = {}, NOTHING


def _later(runtime: Runtime, number: int, outcome: EventOutcome) -> None:
    """Let an event wait, or end it once it waited long enough; commits."""
    event = runtime.session.get_one(ChannelEvent, number, populate_existing=True)
    event.due_at = runtime.now() + AGAIN_AFTER
    if runtime.now() - event.received_at > TRIED_FOR:
        event.applied_at = runtime.now()
        _end(event, outcome)
    runtime.session.commit()


def _delivered(runtime: Runtime, service: Service, event: ChannelEvent) -> EventOutcome:
    return _arrived(runtime, service, event, Arrival.DELIVERED)


def _bounced(runtime: Runtime, service: Service, event: ChannelEvent) -> EventOutcome:
    """Write a bounce; one that lasts ends what the person agreed to, on this account."""
    subscription = _subscription_of(runtime, _message(runtime, service, event))
    if not event.lasting or subscription is None:
        return _arrived(runtime, service, event, Arrival.BOUNCED)
    hearing.hear_end(runtime, subscription, event.happened_at, arrivals.BOUNCED)
    quarantine.isolate(runtime, subscription, arrivals.BOUNCED)
    # The person comes before the counters, as with a message that is sent.
    runtime.session.flush()
    outcome = _arrived(runtime, service, event, Arrival.BOUNCED)
    # That holds at once, also while the rest of a thread is on its way.
    return EventOutcome.APPLIED if outcome is EventOutcome.NO_MESSAGE else outcome


def _arrived(
    runtime: Runtime, service: Service, event: ChannelEvent, arrival: Arrival
) -> EventOutcome:
    message = _message(runtime, service, event)
    if message is None or message.state in UNSETTLED:
        return EventOutcome.NO_MESSAGE
    done = arrivals.arrived(runtime, message, arrival, event.happened_at, event.said)
    return EventOutcome.APPLIED if done else EventOutcome.OLDER


def _complained(runtime: Runtime, service: Service, event: ChannelEvent) -> EventOutcome:
    """End what a person agreed to who calls a message unwanted; known by message or by person."""
    message = _message(runtime, service, event)
    subscription = _subscription_of(runtime, message)
    person = people.person_of(runtime, service, event)
    if subscription is None and person is not None:
        subscription = people.tie(runtime, service, person)
    if subscription is not None:
        hearing.hear_end(runtime, subscription, event.happened_at, "complained")
        runtime.session.flush()
    if message is not None:
        arrivals.complained(runtime, message, event.said)
    if subscription is None:
        return EventOutcome.NOBODY if message or not event.message_id else EventOutcome.NO_MESSAGE
    return EventOutcome.APPLIED


def _replied(runtime: Runtime, service: Service, event: ChannelEvent) -> EventOutcome:
    """Hear what a person wrote, as if the inbox had been read: a STOP holds at once."""
    told = event.details["reply"]
    reply = InboundMessage(
        remote_id=told["remote_id"],
        person=Person(**told["person"]),
        text=told["text"],
        received_at=datetime.fromisoformat(told["received_at"]),
        wish=None if told["wish"] is None else Wish(told["wish"]),
    )
    page = InboundPage(messages=(reply,), next_cursor=None)
    inbound_messages.keep(Client(runtime, service), page, charged=False)
    return EventOutcome.APPLIED


def _followed(runtime: Runtime, service: Service, event: ChannelEvent) -> EventOutcome:
    return people.follows(runtime, service, event, since=True)


def _unfollowed(runtime: Runtime, service: Service, event: ChannelEvent) -> EventOutcome:
    return people.follows(runtime, service, event, since=False)


def _message(runtime: Runtime, service: Service, event: ChannelEvent) -> Message | None:
    """Return the message of which the network calls a part so: each part has an id of its own."""
    if not event.message_id:
        return None
    return runtime.session.scalar(
        select(Message)
        .join(Attempt, Attempt.message_id == Message.id)
        .where(
            Attempt.service_id == service.id,
            Attempt.kind.in_(KIND_NAMES),
            Attempt.remote_id == event.message_id,
        )
        # Where a network counts posts and messages apart, it tells of messages.
        .order_by(Attempt.kind)
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _subscription_of(runtime: Runtime, message: Message | None) -> Subscription | None:
    if message is None or message.subscription_id is None:
        return None
    return runtime.session.get(Subscription, message.subscription_id)


APPLY: Mapping[EventKind, Callable[[Runtime, Service, ChannelEvent], EventOutcome]] = {
    EventKind.DELIVERED: _delivered,
    EventKind.BOUNCED: _bounced,
    EventKind.COMPLAINED: _complained,
    EventKind.REPLIED: _replied,
    EventKind.FOLLOWED: _followed,
    EventKind.UNFOLLOWED: _unfollowed,
}
