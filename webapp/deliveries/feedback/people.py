"""Who follows an account by what its network tells, and what ties people to it."""

from sqlalchemy import select

from channels import Person
from webapp.audience import daily, erased, own_accounts
from webapp.audience.bulk import upserts
from webapp.audience.inbox import inbound_messages
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries.models import ChannelEvent, EventOutcome
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def follows(
    runtime: Runtime, service: Service, event: ChannelEvent, *, since: bool
) -> EventOutcome:
    """Write that a person follows, or does no more, unless something later is known."""
    person = person_of(runtime, service, event)
    if person is None:
        return EventOutcome.NOBODY
    found, at = tie(runtime, service, person), event.happened_at
    if any(known > at for known in (found.followed_at, found.ended_at) if known):
        return EventOutcome.OLDER
    was = found.followed_at is not None and found.ended_at is None
    if since and not was:
        found.followed_at, found.ended_at = at, None
    elif was and not since:
        found.ended_at = at
    if since != was:
        _count(runtime, service, person, gained=int(since), lost=int(was))
    return EventOutcome.APPLIED


def _count(runtime: Runtime, service: Service, person: Person, *, gained: int, lost: int) -> None:
    """Count who came or went, as the synchronisation does, which finds them known later.

    Before the list was read to its end nobody knows how many follow.
    """
    ours = own_accounts.remote_ids(runtime, service.kind)
    if service.audience_known_at and person.remote_id not in ours:
        daily.add(runtime, service, gained=gained, lost=lost)


def tie(runtime: Runtime, service: Service, person: Person) -> Subscription:
    """Return what ties a person to the account; it is made where it is not there."""
    upserts.visitors(runtime, service, [person], origin="events")
    known = Visitor.kind == service.kind, Visitor.remote_id == person.remote_id
    visitor_id = runtime.session.scalars(select(Visitor.id).where(*known)).one()
    return inbound_messages.subscription(runtime, service, visitor_id)


def person_of(runtime: Runtime, service: Service, event: ChannelEvent) -> Person | None:
    """Return whom an event is about, if it says so; who was erased is nobody."""
    told = event.details.get("person")
    known = erased.without(runtime, service.kind, [Person(**told)] if told else [])
    return next(iter(known), None)
