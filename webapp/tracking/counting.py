"""Turns noted clicks into rows, and rows into the counters that pages read.

Whoever writes clicks locks the mark, so the numbers of the rows grow in the order of their commits,
and what lies behind the mark is exactly what is not counted yet. A file that is read twice, since
its process died before it was removed, changes nothing: its keys are known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, or_, select, update

from webapp.deliveries.models import Attempt, AttemptOutcome, Delivery, DeliveryService, Message
from webapp.kernel.db import Base, insert_into
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import QUARTER
from webapp.tracking import fetchers
from webapp.tracking.choices import of_instance
from webapp.tracking.models import (
    Click,
    ClickCount,
    ClickKind,
    ClickMark,
    ClickQuarter,
    ClickTotal,
    TrackedLink,
    TrackingChoice,
    TrackingRefusal,
)
from webapp.tracking.spool import Noted, Spool

ONE = 1
BATCH = 1_000
# What a call may have become for something of it to be out.
MAYBE_OUT = (AttemptOutcome.SENT, AttemptOutcome.UNKNOWN)


def collect(runtime: Runtime, spool: Spool) -> int:
    """Write what is noted in complete files and count it; return how many clicks came in."""
    number = _collect_remembered(runtime, spool)
    for file in spool.complete():
        clicks = file.clicks()
        while batch := list(islice(clicks, BATCH)):
            number += write(runtime, batch)
        file.remove()
    return number


def _collect_remembered(runtime: Runtime, spool: Spool) -> int:
    """Write what no file could take, and how much was lost of that, where operators look."""
    number = 0
    while batch := spool.remembered()[:BATCH]:
        number += write(runtime, batch)
        spool.forget(len(batch))
    if lost := spool.lost:
        runtime.record("tracking.lose", TrackingChoice(id=ONE), number=lost)
        runtime.session.commit()
        spool.told(lost)
    return number


def write(runtime: Runtime, noted: Sequence[Noted]) -> int:
    """Write clicks that are not known yet and count them; commits."""
    last = _lock(runtime)
    keys = {row.key for row in noted}
    known = set(runtime.session.scalars(select(Click.key).where(Click.key.in_(keys))))
    new = {row.key: row for row in noted if row.key not in known}
    rows = list(_rows(runtime, list(new.values())))
    # Numbers go on behind the mark: SQLite would give those of rows that were cleaned up again.
    for number, row in enumerate(rows, start=last + 1):
        row["id"] = number
    if rows:
        runtime.session.execute(insert(Click), rows)
        consolidate(runtime)
    runtime.session.commit()
    return len(rows)


def _lock(runtime: Runtime) -> int:
    """Let nobody else write clicks before the commit; return the last one that is counted."""
    first = insert_into(runtime.session, ClickMark.__table__).on_conflict_do_nothing()
    runtime.session.execute(first, {"id": ONE, "last_click": 0})
    return runtime.session.scalars(select(ClickMark.last_click).with_for_update()).one()


# Each table of counters, by what its clicks are counted together.
COUNTERS: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (ClickCount, ("link_id", "service_id", "quarter", "kind")),
    (ClickTotal, ("link_id", "service_id", "kind")),
    (ClickQuarter, ("service_id", "quarter", "kind")),
)


def consolidate(runtime: Runtime) -> None:
    """Count every click behind the mark, and move it; the caller holds the mark, and commits."""
    for model, keys in COUNTERS:
        runtime.session.execute(_adding(runtime, model, keys))
    last = select(func.coalesce(func.max(Click.id), ClickMark.last_click)).scalar_subquery()
    runtime.session.execute(
        update(ClickMark).values(last_click=last), execution_options={"synchronize_session": False}
    )


def _adding(runtime: Runtime, model: type[Base], names: Sequence[str]) -> Any:
    """Return what adds the clicks behind the mark to a table of counters."""
    mark = select(ClickMark.last_click).scalar_subquery()
    keys = [getattr(Click, name) for name in names]
    firsts = func.sum(Click.first_on_link), func.sum(Click.first_in_delivery)
    counted = select(*keys, func.count(), *firsts).where(Click.id > mark).group_by(*keys)
    sums = ("number", "readers", "newcomers")
    # What follows the SELECT would else be taken for a part of a join by SQLite; see its manual.
    added = insert_into(runtime.session, model.__table__).from_select([*names, *sums], counted)
    more = {name: getattr(model.__table__.c, name) + getattr(added.excluded, name) for name in sums}
    return added.on_conflict_do_update(index_elements=list(names), set_=more)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What is known of the message of a click."""

    delivery_id: int
    service_id: int
    visitor_id: int | None
    # When the call began that brought it out; nothing where none did.
    out_at: datetime | None
    refused: bool


def _rows(runtime: Runtime, noted: Sequence[Noted]) -> Iterator[dict[str, Any]]:
    links = _links(runtime, {row.link_id for row in noted})
    sent = _messages(runtime, {row.message_id for row in noted if row.message_id})
    firsts = _Firsts(runtime, {key for key, item in sent.items() if item.visitor_id})
    for row in noted:
        link = links.get(row.link_id)
        if link is None:
            continue  # Its delivery is gone, or a proof: there is nothing to count.
        message = sent.get(row.message_id or 0)
        if message is not None and message.delivery_id != link[0]:
            message = None
        yield _row(row, link, message, firsts)


def _row(
    noted: Noted, link: tuple[int, int], message: _Sent | None, firsts: "_Firsts"
) -> dict[str, Any]:
    at = datetime.fromtimestamp(noted.at, UTC)
    early = message is not None and fetchers.is_early(at, message.out_at)
    rule = noted.rule or ("early" if early else "")
    kind = ClickKind.FETCHER if rule else ClickKind.PERSON
    named = message is not None and not message.refused
    first = (0, 0)
    if message is not None and named and message.visitor_id and kind is ClickKind.PERSON:
        first = firsts.take(noted.message_id or 0, noted.link_id)
    return {
        "key": noted.key,
        "link_id": noted.link_id,
        "service_id": message.service_id if message else link[1],
        "message_id": noted.message_id if named else None,
        "visitor_id": message.visitor_id if message and named else None,
        "at": at,
        "quarter": int(noted.at // QUARTER),
        "kind": kind,
        "rule": rule,
        "first_on_link": first[0],
        "first_in_delivery": first[1],
    }


def _links(runtime: Runtime, numbers: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """Return the delivery of each link, and the account of one that has no message.

    Whoever looks at a proof tries its links, and is no reader.
    """
    account = (
        select(func.min(DeliveryService.service_id))
        .where(DeliveryService.delivery_id == TrackedLink.delivery_id)
        .scalar_subquery()
    )
    wanted = (
        select(TrackedLink.id, TrackedLink.delivery_id, account)
        .join(Delivery, Delivery.id == TrackedLink.delivery_id)
        .where(TrackedLink.id.in_(numbers), account.is_not(None), Delivery.parent_id.is_(None))
    )
    return {
        link: (delivery, service) for link, delivery, service in runtime.session.execute(wanted)
    }


def _messages(runtime: Runtime, numbers: Iterable[int]) -> Mapping[int, _Sent]:
    """Return the messages that are kept, with those who want no click of theirs to be known."""
    personal = of_instance(runtime).names_people
    # Of a thread the first part is out long before the whole is, and what became of a call may be
    # unknown for a while: readers have it all the same.
    out_at = (
        select(func.min(Attempt.started_at))
        .where(
            Attempt.message_id == Message.id,
            or_(Attempt.outcome.in_(MAYBE_OUT), Attempt.outcome.is_(None)),
        )
        .scalar_subquery()
    )
    wanted = (
        select(
            *(Message.id, Message.delivery_id, Message.service_id, Message.visitor_id),
            *(out_at, TrackingRefusal.visitor_id.is_not(None)),
        )
        .outerjoin(TrackingRefusal, TrackingRefusal.visitor_id == Message.visitor_id)
        .where(Message.id.in_(numbers))
    )
    return {
        number: _Sent(
            delivery_id=delivery,
            service_id=service,
            visitor_id=visitor,
            out_at=began,
            refused=refused or not personal,
        )
        for number, delivery, service, visitor, began, refused in (runtime.session.execute(wanted))
    }


class _Firsts:
    """Which people followed which links already."""

    def __init__(self, runtime: Runtime, messages: Iterable[int]) -> None:
        wanted = select(Click.message_id, Click.link_id).where(
            Click.message_id.in_(messages), Click.kind == ClickKind.PERSON
        )
        self._known = {(message, link) for message, link in runtime.session.execute(wanted)}
        self._messages = {message for message, _link in self._known}

    def take(self, message_id: int, link_id: int) -> tuple[int, int]:
        """Tell whether a click is the first of its reader: on the link, and in the delivery."""
        on_link = (message_id, link_id) not in self._known
        in_delivery = message_id not in self._messages
        self._known.add((message_id, link_id))
        self._messages.add(message_id)
        return int(on_link), int(in_delivery)
