"""Reads what people wrote to a service, page by page from the newest back to what is known.

The walk back may take many pages, and a limit may end it at any of them, so its place stands in
the row of the service: the next reading goes on there. What arrives meanwhile is newer than where
the walk began, which is where the walk after it ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from channels import ChannelError, ErrorKind, InboundPage
from webapp.audience.inbox import inbound_messages
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.expiry import lately
from webapp.services import costs
from webapp.services.client import Client
from webapp.services.limits.quota import LimitReached
from webapp.services.models import Service

FRESH = timedelta(minutes=15)
LATEST = timedelta(hours=1)
# Networks date messages by the second, and may list one a moment later than a newer one.
OVERLAP = timedelta(minutes=1)
MOST_PAGES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How many messages were new, and when more can be read; `None` when all is known.

    `listed` is everything the network listed, the account's own messages too, and `cost` what it
    charged for that.
    """

    new: int = 0
    until: datetime | None = None
    listed: int = 0
    cost: Decimal = costs.NOTHING


def read_if_due(
    runtime: Runtime,
    service: Service,
    *,
    every: timedelta = FRESH,
    still: Callable[[], bool] = lambda: True,
    charged: Callable[[Decimal], None] = lambda _cost: None,
) -> Reading:
    """Read the inbox unless all of it was known lately; before each page `still` says whether.

    `charged` is told the cost of each page within the transaction that charges it.
    """
    if is_known(service, runtime.now(), every):
        return Reading()
    return read_new(runtime, service, still=still, charged=charged)


def is_known(service: Service, now: datetime, every: timedelta = FRESH) -> bool:
    """Tell whether all that people wrote was read lately."""
    last = service.inbox_read_at
    return service.inbox_cursor is None and last is not None and lately(last, now, every)


def read_new(
    runtime: Runtime,
    service: Service,
    *,
    still: Callable[[], bool] = lambda: True,
    charged: Callable[[Decimal], None] = lambda _cost: None,
) -> Reading:
    """Read page after page until all is known, a limit is spent, or many pages were read.

    It also ends, with pages left, where `still` says that the work is another's by now.
    """
    new = 0
    reading = Reading(until=runtime.now())
    for _page in range(MOST_PAGES):
        if not still():
            break
        reading = read_on(runtime, service, charged=charged)
        new += reading.new
        if reading.until is None or reading.until > runtime.now():
            break
    return Reading(new=new, until=reading.until)


def read_on(
    runtime: Runtime, service: Service, *, charged: Callable[[Decimal], None] = lambda _cost: None
) -> Reading:
    """Read the next page of the walk under way, or the first one of a new walk."""
    if runtime.registry.get(service.kind).inbox is None:
        return Reading()
    client, cursor, began = Client(runtime, service), service.inbox_cursor, runtime.now()
    try:
        page = _page(client, cursor)
    except LimitReached as spent:
        return Reading(until=spent.until)
    # Locked, since a sync and a delivery may read the same inbox at the same time; but not for who
    # writes an answer about it down, such as a reader whose row is waited for here.
    runtime.session.refresh(service, with_for_update={"of": Service, "key_share": True})
    kept = inbound_messages.keep(client, page)
    if service.inbox_cursor == cursor:
        _advance(service, page, began)
    charged(kept.cost)
    runtime.session.commit()
    return Reading(
        new=kept.new,
        until=runtime.now() if service.inbox_cursor else None,
        listed=len(page.messages) + len(page.besides),
        cost=kept.cost,
    )


def unheard(service: Service, now: datetime) -> bool:
    """Tell whether a STOP may be unread: pages are left, or for `LATEST` none could be read."""
    last = service.inbox_read_at
    return service.inbox_cursor is not None or last is None or not lately(last, now, LATEST)


def _page(client: Client, cursor: str | None) -> InboundPage:
    try:
        return client.inbox_page(cursor)
    except ChannelError as fault:
        # A place the network knows no more would be refused for ever: the next walk is a new one.
        if cursor and fault.kind is ErrorKind.PERMANENT:
            client.service.inbox_cursor = None
            client.runtime.session.commit()
        raise


def _advance(service: Service, page: InboundPage, began: datetime) -> None:
    """Move the walk on; at its end everything up to where it began is known."""
    if service.inbox_cursor is None:
        service.inbox_walk_at, service.inbox_walk_newest = began, service.inbox_read_to
    service.inbox_walk_newest = _newest(service.inbox_walk_newest, page, began)
    service.inbox_cursor = None if _reaches_known(service, page) else page.next_cursor
    if service.inbox_cursor is None:
        service.inbox_read_at = service.inbox_walk_at
        service.inbox_read_to = service.inbox_walk_newest


def _newest(known: datetime | None, page: InboundPage, now: datetime) -> datetime | None:
    """Return the newest date; one that is yet to come would end every walk until then too early."""
    dates = [inbound_messages.not_to_come(at, now) for at in _dates(page)]
    return max([*dates, known] if known else dates, default=None)


def _reaches_known(service: Service, page: InboundPage) -> bool:
    """Tell whether a page goes back to what was read before."""
    mark, dates = service.inbox_read_to, _dates(page)
    return bool(mark and dates and min(dates) < mark - OVERLAP)


def _dates(page: InboundPage) -> list[datetime]:
    return [*(item.received_at for item in page.messages), *page.besides]
