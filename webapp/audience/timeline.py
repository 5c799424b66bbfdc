"""What happened between a person and the accounts, newest first.

The same thing is often known from several places: a note of what was written, the audit, the
subscription itself. The first place that tells of it is the one that says most about it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, or_, select

from webapp.audience.consents import history
from webapp.audience.consents.state import in_force
from webapp.audience.models import (
    Answer,
    ConsentScope,
    ConsentSource,
    ReceivedMessage,
    Subscription,
    Visitor,
)
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime

MOST = 100
"""So many notes and so many audited changes are shown, the newest."""

SAME = timedelta(seconds=1)


class Group(StrEnum):
    """What an event is about."""

    MESSAGES = "messages"
    CLICKS = "clicks"
    CONSENT = "consent"
    CHANGES = "changes"


GROUPS = {
    "wrote": Group.MESSAGES,
    "wrote_first": Group.MESSAGES,
    "sent": Group.MESSAGES,
    "failed": Group.MESSAGES,
    "unknown": Group.MESSAGES,
    "clicked": Group.CLICKS,
    "opted_in": Group.CONSENT,
    "opted_out": Group.CONSENT,
    "doubted": Group.CONSENT,
    "doubt_is_stop": Group.CONSENT,
    "doubt_is_none": Group.CONSENT,
}

ANSWERS = {
    Answer.WROTE_FIRST: "wrote_first",
    Answer.OPT_IN: "opted_in",
    Answer.OPT_OUT: "opted_out",
    Answer.DOUBT: "doubted",
}

AUDITED = {
    "subscription.opt_in": "opted_in",
    "subscription.stop": "opted_out",
    "subscription.doubt_is_stop": "doubt_is_stop",
    "subscription.doubt_is_none": "doubt_is_none",
    "subscription.lift_quarantine": "lifted",
    "visitor.move": "moved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened: `what` is its code, `said` the words of the person or a proof.

    `by` is who recorded it, `about` the folder, the delivery or the reason, and `delivery_id`
    where to read more. `link` is the address that was followed, so many `times`.
    """

    at: datetime
    what: str
    account: str = ""
    said: str = ""
    by: str = ""
    about: str = ""
    delivery_id: int | None = None
    link: str = ""
    times: int = 1

    @property
    def group(self) -> Group:
        """What it is about."""
        return GROUPS.get(self.what, Group.CHANGES)

    def tells_of(self, other: "Event") -> bool:
        """Tell whether both are about the same moment of the same thing."""
        same = (self.what, self.account) == (other.what, other.account)
        return same and abs(self.at - other.at) < SAME


def events(
    runtime: Runtime, visitor: Visitor, subscriptions: Sequence[Subscription]
) -> list[Event]:
    """Return what the audience knows of a person, newest first."""
    found: list[Event] = []
    for place in (
        _written(runtime, visitor, subscriptions),
        _recorded(runtime, visitor, subscriptions),
        _answered(runtime, visitor),
        _kept(visitor, subscriptions),
    ):
        found += [new for new in place if not any(known.tells_of(new) for known in found)]
    return newest_first(found)


def newest_first(found: Iterable[Event]) -> list[Event]:
    """Order events; of one moment, what was told of last comes first."""
    return sorted(found, key=lambda event: event.at, reverse=True)


def _written(
    runtime: Runtime, visitor: Visitor, subscriptions: Sequence[Subscription]
) -> Iterator[Event]:
    names = {row.service_id: row.service.shown_name for row in subscriptions}
    first = {(row.service_id, row.wrote_first_at) for row in subscriptions}
    wishes = {"stop": "opted_out", "opt_in": "opted_in", "doubt": "doubted"}
    rows = runtime.session.scalars(
        select(ReceivedMessage)
        .where(ReceivedMessage.visitor_id == visitor.id)
        .order_by(ReceivedMessage.received_at.desc())
        .limit(MOST)
    )
    for note in rows:
        began = "wrote_first" if (note.service_id, note.received_at) in first else "wrote"
        account = names.get(note.service_id, "")
        what = wishes.get(note.wish, began)
        yield Event(at=note.received_at, what=what, account=account, said=note.text)


def _recorded(
    runtime: Runtime, visitor: Visitor, subscriptions: Sequence[Subscription]
) -> Iterator[Event]:
    names = {row.id: row.service.shown_name for row in subscriptions}
    of_person = and_(
        AuditEntry.subject == Visitor.__tablename__, AuditEntry.subject_id == visitor.id
    )
    of_ties = and_(
        AuditEntry.subject == Subscription.__tablename__, AuditEntry.subject_id.in_(names)
    )
    wanted = select(AuditEntry).where(or_(of_person, of_ties), AuditEntry.action.in_(AUDITED))
    for entry in runtime.session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(MOST)):
        mine = entry.subject == Subscription.__tablename__
        detail = entry.detail
        yield Event(
            # An opt-in or opt-out stands at the day it was given, not at that of its record.
            at=datetime.fromisoformat(detail.get("since") or entry.at.isoformat()),
            what=AUDITED[entry.action],
            account=names[entry.subject_id] if mine and entry.subject_id else "",
            said=detail.get("proof") or detail.get("note") or "",
            by=entry.actor,
            about=detail.get("folder") or detail.get("purpose") or "",
        )


def _answered(runtime: Runtime, visitor: Visitor) -> Iterator[Event]:
    """Yield what they answered about messages, which is kept for good."""
    for row in in_force(history.of_person(runtime, visitor)):
        if row.scope is ConsentScope.MESSAGES and row.answer in ANSWERS:
            yield Event(
                at=row.at,
                what=ANSWERS[row.answer],
                account=row.service.shown_name,
                said=row.proof,
                by=row.recorded_by if row.source is ConsentSource.OPERATOR else "",
                about=row.purpose,
            )


def _kept(visitor: Visitor, subscriptions: Sequence[Subscription]) -> Iterator[Event]:
    """Yield the moments that the rows themselves keep."""
    for row in subscriptions:
        moments = {
            "quarantined": row.quarantined_at,
            "ended": row.ended_at,
            "followed": row.followed_at,
        }
        for what, at in moments.items():
            about = row.quarantine_reason if what == "quarantined" else ""
            if at:
                yield Event(at=at, what=what, account=row.service.shown_name, about=about)
    yield Event(at=visitor.first_seen_at, what="first_seen")
