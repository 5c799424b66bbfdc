"""The pages of an account's list: the next one is read while the last one is written.

At most one page is asked for ahead. Before a page is asked, its turn is taken from the limits and
its price is charged, by what the page before it had. So whatever ends the work, what the network
was asked for is paid for, and the place of the run moves with the rows alone.
"""

from contextlib import suppress
from dataclasses import dataclass

from channels import AudiencePage, ChannelError, Operation
from webapp.audience.bulk import upserts
from webapp.audience.bulk.upserts import Rows
from webapp.audience.sync import overspending
from webapp.kernel.db.disk import hurry
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.services.channel.people import PageReading
from webapp.services.client import Client
from webapp.services.limits.quota import LimitReached
from webapp.services.models import Service
from webapp.workflows import spending
from webapp.workflows.models import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAsked:
    """A page that was asked for, and for how many people it was charged beforehand."""

    run: Run
    client: Client
    reading: PageReading[Rows]
    people: int

    def answer(self) -> tuple[AudiencePage, Rows]:
        """Wait for the page and its rows and charge what it has beyond that; the caller commits.

        One that did not come costs nothing, which is committed with what is kept of the fault.
        """
        try:
            page, rows = self.reading.answer()
        except ChannelError:
            _charge(self.run, self.client, -self.people)
            self.client.runtime.session.commit()
            raise
        _charge(self.run, self.client, len(page.people) - self.people)
        return page, rows

    def drop(self) -> None:
        """Pay for a page that nobody will write; commits."""
        # Whoever asks for it again meets the fault.
        with suppress(ChannelError):
            self.answer()
        self.client.runtime.session.commit()


def is_asked(runtime: Runtime, run: Run, service: Service) -> bool:
    """Tell whether the page at the place of a run is on its way, and paid."""
    place = service.id, run.checkpoint.get("cursor")
    return runtime.ahead is not None and runtime.ahead.holds(place)


def read(runtime: Runtime, run: Run, service: Service) -> tuple[AudiencePage, Rows]:
    """Return the page at the place of a run, and ask for the next one; the caller commits.

    The rows of its people come with it where they were made already.
    """
    cursor, people = run.checkpoint["cursor"], run.checkpoint.get("size", 0)
    asked = runtime.ahead.take((service.id, cursor), PageAsked) if runtime.ahead else None
    if asked is None:
        asked = _ask(run, Client(runtime, service), cursor, people)
    page, rows = asked.answer()
    if page.next_cursor is not None:
        _ask_ahead(runtime, run, asked.client, page)
    return page, rows


def _ask_ahead(runtime: Runtime, run: Run, client: Client, page: AudiencePage) -> None:
    """Ask for the page that follows, where limits and budget allow it.

    What forbids it is met again, and told, when it is the turn of that page.
    """
    ahead, service = runtime.ahead, client.service
    if not (ahead and ahead.is_open and overspending.allows(runtime, run, service)):
        return
    try:
        asked = _ask(run, client, page.next_cursor, len(page.people))
    except (LimitReached, ChannelError, UnreadableSecret):
        runtime.session.rollback()
    else:
        ahead.put((service.id, page.next_cursor), asked)


def _ask(run: Run, client: Client, cursor: str | None, people: int) -> PageAsked:
    """Take a turn and charge so many people, then begin to read; commits."""
    # The commit of the price waits for the disk, and the turn comes there with it.
    hurry(client.runtime.session)
    client.reserve(Operation.AUDIENCE)
    _charge(run, client, people)
    # Of who follows for the first time the whole row is written, of others hardly ever.
    make = _no_rows if client.service.audience_known_at else upserts.rows_of
    try:
        reading = client.people(cursor, make)
    except ChannelError:
        _charge(run, client, -people)
        client.runtime.session.commit()
        raise
    return PageAsked(run=run, client=client, reading=reading, people=people)


def _no_rows(_page: AudiencePage) -> Rows:
    return {}


def _charge(run: Run, client: Client, people: int) -> None:
    """Charge people, or give back what was charged; the caller commits.

    What the network was asked for is charged whoever learns of it; a run that is another worker's
    by now, or over, is not changed.
    """
    if not people:
        return
    cost = client.charge(Operation.AUDIENCE, count=people)
    lease = client.runtime.lease
    if lease is None or lease.is_of(run):
        spending.add(run, client.service, cost)
