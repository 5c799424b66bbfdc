"""The delivery log: one line for each recipient, searched, paged by key, exported, explained."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from webapp.audience.visitors import by_name
from webapp.deliveries import reasons
from webapp.deliveries.models import Arrival, Attempt, Message, MessageState
from webapp.kernel.db import reading
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.kernel.text.naming import bare

PAGE = 20
BATCH = 1_000
FEW = 2_000


def columns(zone: str) -> dict[str, str]:
    """Return the heads of a sheet's columns, as the page calls them."""
    return {
        "recipient": _("Recipient"),
        "name": _("Name"),
        "state": _("State"),
        "reason": _("Reason"),
        "tries": _("Tries"),
        "sent_at": _("Sent at (%(zone)s)", zone=zone),
        "remote_id": _("Id on the network"),
    }


def _states() -> dict[str, str]:
    return {
        MessageState.PENDING.value: _("Waiting"),
        MessageState.SENDING.value: _("Sending"),
        MessageState.SENT.value: _("Sent"),
        Arrival.ACCEPTED.value: _("Accepted"),
        Arrival.DELIVERED.value: _("Delivered"),
        Arrival.BOUNCED.value: _("Did not arrive"),
        MessageState.FAILED.value: _("Failed"),
        MessageState.UNKNOWN.value: _("Unknown"),
        MessageState.CANCELLED.value: _("Cancelled"),
        MessageState.IGNORED.value: _("Left out"),
    }


def sheet(rows: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> Iterator[str]:
    """Return exported lines as a sheet for people, with words for codes."""
    states = _states()
    told = ({**row, "state": states.get(row["state"], row["state"])} for row in rows)
    return csv.lines(columns(zone.key), told, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which lines to show; `after` and `before` are ids of messages at the edge of a page."""

    state: str = ""
    words: str = ""
    reason: str = ""
    after: int | None = None
    before: int | None = None
    size: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some lines, newest change first, and whether there are more on either side."""

    messages: Sequence[Message]
    newer: bool
    older: bool


@requires(Permission.VIEW)
def log_page(runtime: Runtime, delivery_id: int, query: Query) -> Page:
    """Return one page of the log; its cost does not grow with how far down it is."""
    backwards = query.before is not None
    order = (Message.changed_at, Message.id)
    wanted = _selected(runtime, delivery_id, query)
    edge = query.before if backwards else query.after
    if edge is not None:
        wanted = wanted.where(_beyond(_message(runtime, edge), backwards=backwards))
    wanted = wanted.order_by(*(item.asc() if backwards else item.desc() for item in order))
    wanted = wanted.options(joinedload(Message.visitor), joinedload(Message.service))
    rows = list(runtime.session.scalars(wanted.limit(query.size + 1)))
    more, rows = len(rows) > query.size, rows[: query.size]
    if backwards:
        return Page(messages=rows[::-1], newer=more, older=True)
    return Page(messages=rows, newer=edge is not None, older=more)


def _beyond(edge: Message, *, backwards: bool) -> Any:
    here, there = tuple_(Message.changed_at, Message.id), (edge.changed_at, edge.id)
    return here > there if backwards else here < there


def _selected(runtime: Runtime, delivery_id: int, query: Query) -> Select[Any]:
    wanted: Select[Any] = select(Message).where(Message.delivery_id == delivery_id)
    if query.state:
        wanted = wanted.where(_in_state(query.state))
    else:
        wanted = wanted.where(Message.state != MessageState.IGNORED)
    if query.reason:
        wanted = wanted.where(Message.reason == query.reason)
    if query.words.strip():
        wanted = _about(runtime, delivery_id, wanted, bare(query.words))
    return wanted


def _about(runtime: Runtime, delivery_id: int, wanted: Select[Any], words: str) -> Select[Any]:
    """Leave the messages to somebody with these words in the name or username.

    Few people are looked up by what a message calls its recipient, and their messages sorted; of
    many the first are met along the log.
    """
    few = by_name.few_named(runtime, words, FEW)
    if few is None:
        return wanted.where(*by_name.each_named(Message.visitor_id, words))
    theirs = select(Message.id).where(
        Message.delivery_id == delivery_id,
        Message.recipient.in_([f"visitor:{key}" for key in few]),
    )
    ids = runtime.session.scalars(theirs).all() if few else []
    # SQLite would rather walk the whole log than sort these.
    return wanted.where(Message.id.in_(ids)).with_hint(Message, "NOT INDEXED", "sqlite")


def _in_state(name: str) -> ColumnElement[bool]:
    """Return the condition of a state, or of what is known of the arrival of what was sent."""
    if name in list(Arrival):
        return and_(Message.state == MessageState.SENT, Message.arrival == name)
    try:
        return Message.state == MessageState(name)
    except ValueError as cause:
        raise Invalid(_("There is no message state %(name)s.", name=name)) from cause


def _message(runtime: Runtime, message_id: int) -> Message:
    found = runtime.session.get(Message, message_id)
    if found is None:
        raise NotFound(_("There is no such message."))
    return found


@requires(Permission.VIEW)
def of_delivery(runtime: Runtime, delivery_id: int, message_id: int) -> Message:
    """Return one message of a delivery; raise `NotFound` for any other."""
    message = _message(runtime, message_id)
    if message.delivery_id != delivery_id:
        raise NotFound(_("There is no such message."))
    return message


@requires(Permission.EXPORT)
def export(runtime: Runtime, delivery_id: int, *, state: str = "") -> Iterator[dict[str, Any]]:
    """Return every line as plain values, read a batch at a time, so that memory stays flat."""
    # A statement for all people of a batch, and one for their accounts.
    at_once = selectinload(Message.visitor), selectinload(Message.service)
    wanted = select(Message).options(*at_once).where(Message.delivery_id == delivery_id)
    if state:
        wanted = wanted.where(_in_state(state))
    return _in_batches(runtime, wanted)


def _in_batches(runtime: Runtime, wanted: Select[Any]) -> Iterator[dict[str, Any]]:
    last = 0
    while True:
        batch = wanted.where(Message.id > last).order_by(Message.id).limit(BATCH)
        # No transaction stays open while somebody slow takes the lines.
        with reading():
            rows = runtime.session.scalars(batch).all()
            lines = [_plain(row) for row in rows]
            last = rows[-1].id if rows else last
            runtime.session.rollback()
            runtime.session.expunge_all()
        yield from lines
        if len(lines) < BATCH:
            return


def _plain(row: Message) -> dict[str, Any]:
    visitor = row.visitor
    to_people = row.kind.to_people
    post = ("", "") if to_people else (row.service.internal_name, row.service.label)
    handle, name = (visitor.handle, visitor.name) if visitor else post
    return {
        "recipient": handle,
        "name": name,
        "state": row.shown_state,
        "reason": reasons.short(row.reason),
        "tries": row.tries,
        "sent_at": row.sent_at,
        "remote_id": row.remote_id or "",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a message was not sent, in four plain lines; `said` is the network's own word.

    `quarantined` tells that the person still is in quarantine on this service.
    """

    message: Message
    happened: str
    said: str
    did: str
    can_do: str
    asks_at: datetime | None
    quarantined: bool
    attempts: Sequence[Attempt]


@requires(Permission.VIEW)
def why(runtime: Runtime, delivery_id: int, message_id: int) -> Why:
    """Explain one message of a delivery; raise `NotFound` for any other."""
    message = of_delivery(runtime, delivery_id, message_id)
    reason = reasons.of(message.reason)
    attempts = runtime.session.scalars(
        select(Attempt).where(Attempt.message_id == message.id).order_by(Attempt.number)
    ).all()
    return Why(
        message=message,
        happened=reason.happened,
        said=message.said or _("Nothing; it was not asked."),
        did=reason.did,
        can_do=reason.can_do,
        asks_at=message.due_at if message.state is MessageState.UNKNOWN else None,
        quarantined=bool(message.subscription and message.subscription.quarantined_at),
        attempts=attempts,
    )
