"""Reads what people wrote to a service: who wrote first, who opted in, who wants no messages."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from channels import InboundMessage, InboundPage, Operation, Wish
from webapp.audience import upserts
from webapp.audience.models import InboundNote, Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.services import costs, quota
from webapp.services.calls import calling
from webapp.services.models import Service

FRESH = timedelta(minutes=15)
# Networks date messages by the second; two in the same second must both be seen.
OVERLAP = timedelta(seconds=2)
MOST_PAGES = 50


def read_if_due(runtime: Runtime, service: Service, *, every: timedelta = FRESH) -> int:
    """Read the inbox unless that was done lately; return how many messages were new."""
    last = service.inbox_read_at
    if last and runtime.now() - last < every:
        return 0
    return read_new(runtime, service)


def read_new(runtime: Runtime, service: Service) -> int:
    """Read every page that holds something new; return how many messages were new.

    A limit ends the reading early; what was read is kept, and the mark up to which all is known
    moves only when the newest and the last read page have met.
    """
    channel = runtime.registry.get(service.kind)
    if channel.inbox is None:
        return 0
    new, cursor, newest = 0, None, service.inbox_read_to
    for _page in range(MOST_PAGES):
        page = read_page(runtime, service, cursor)
        if page is None:
            return new
        new += keep(runtime, service, page)
        newest = max(
            [*(item.received_at for item in page.messages), *([newest] if newest else [])],
            default=None,
        )
        cursor = page.next_cursor
        if cursor is None or reaches_known(service, page):
            finish(runtime, service, newest)
            return new
    return new


def read_page(runtime: Runtime, service: Service, cursor: str | None) -> InboundPage | None:
    """Read one page; nothing when the limit for reading is spent."""
    channel = runtime.registry.get(service.kind)
    if channel.inbox is None or quota.reserve(runtime, service, Operation.INBOX):
        return None
    with calling(runtime, service) as context:
        return channel.inbox.read(context, cursor)


def reaches_known(service: Service, page: InboundPage) -> bool:
    """Tell whether a page goes back to what was read before."""
    mark = service.inbox_read_to
    return bool(
        mark and page.messages and min(item.received_at for item in page.messages) < mark - OVERLAP
    )


def finish(runtime: Runtime, service: Service, newest: datetime | None) -> None:
    """Remember that everything up to `newest` is known; commits."""
    service.inbox_read_at = runtime.now()
    service.inbox_read_to = newest
    runtime.session.commit()


def keep(runtime: Runtime, service: Service, page: InboundPage) -> int:
    """Write the messages of a page and what follows from them; commits. Safe to do again."""
    known = _known(runtime, service, page.messages)
    fresh = [item for item in page.messages if item.remote_id not in known]
    charged = len(fresh) if _free_again(runtime, service) else len(page.messages)
    if charged:
        costs.charge(runtime, service, Operation.INBOX, count=charged)
    people = {item.person.remote_id: item.person for item in fresh}
    upserts.visitors(runtime, service, list(people.values()), origin="inbox")
    ids = _visitor_ids(runtime, service, list(people))
    for item in fresh:
        _apply(runtime, service, ids[item.person.remote_id], item)
    runtime.session.commit()
    return len(fresh)


def _free_again(runtime: Runtime, service: Service) -> bool:
    """Tell whether messages known already were paid for today.

    Every reading begins at the newest page, so an inbox read before on the same day, by UTC, gives
    the messages that are known for a second time.
    """
    last = service.inbox_read_at
    read_today = last is not None and last.date() == costs.today(runtime)
    return read_today and costs.free_again(runtime, service, Operation.INBOX)


def _known(
    runtime: Runtime, service: Service, messages: Sequence[InboundMessage]
) -> frozenset[str]:
    query = select(InboundNote.remote_id).where(
        InboundNote.service_id == service.id,
        InboundNote.remote_id.in_([item.remote_id for item in messages]),
    )
    return frozenset(runtime.session.scalars(query))


def _visitor_ids(runtime: Runtime, service: Service, remote_ids: list[str]) -> dict[str, int]:
    query = select(Visitor.remote_id, Visitor.id).where(
        Visitor.kind == service.kind, Visitor.remote_id.in_(remote_ids)
    )
    return dict(runtime.session.execute(query).all())


def _apply(runtime: Runtime, service: Service, visitor_id: int, item: InboundMessage) -> None:
    subscription = _subscription(runtime, service, visitor_id)
    at = item.received_at
    subscription.wrote_first_at = min(subscription.wrote_first_at or at, at)
    if item.wish is Wish.STOP:
        subscription.opted_out_at = max(subscription.opted_out_at or at, at)
    if item.wish is Wish.OPT_IN:
        subscription.opted_in_at = max(subscription.opted_in_at or at, at)
        subscription.opt_in_proof = item.text
    runtime.session.add(
        InboundNote(
            service_id=service.id,
            visitor_id=visitor_id,
            remote_id=item.remote_id,
            text=item.text,
            wish=item.wish.value if item.wish else "",
            received_at=at,
        )
    )


def _subscription(runtime: Runtime, service: Service, visitor_id: int) -> Subscription:
    found = runtime.session.scalar(
        select(Subscription).where(
            Subscription.service_id == service.id, Subscription.visitor_id == visitor_id
        )
    )
    if found is None:
        found = Subscription(service_id=service.id, visitor_id=visitor_id)
        runtime.session.add(found)
        runtime.session.flush()  # The next message may be by the same person.
    return found
