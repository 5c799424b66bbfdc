"""What the audience knows of a person: told in a copy for them, and erased at their wish."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from webapp.audience import erased
from webapp.audience.consent_files import erasing
from webapp.audience.consents import wordings
from webapp.audience.models import Consent, ReceivedMessage, Subscription, Visitor
from webapp.audience.places import Fate, Holding, additions_of
from webapp.kernel.audit import AuditEntry
from webapp.kernel.db import Base
from webapp.kernel.db.changes import updated
from webapp.kernel.db.rows import plain
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.runtime import Runtime

Row = Mapping[str, Any]


def _tie_of(visitor: Visitor) -> ColumnElement[bool]:
    return Subscription.visitor_id == visitor.id


def _written_by(visitor: Visitor) -> ColumnElement[bool]:
    return ReceivedMessage.visitor_id == visitor.id


def _proof_of(visitor: Visitor) -> ColumnElement[bool]:
    return Consent.visitor_id == visitor.id


def _audited(visitor: Visitor) -> ColumnElement[bool]:
    """Return the condition of what the audit says of a person, or of what ties them to accounts."""
    ties = select(Subscription.id).where(_tie_of(visitor))
    subject, number = AuditEntry.subject, AuditEntry.subject_id
    return or_(
        and_(subject == Visitor.__tablename__, number == visitor.id),
        and_(subject == Subscription.__tablename__, number.in_(ties)),
    )


def count(runtime: Runtime, model: type[Base], condition: ColumnElement[bool]) -> int:
    """Return how many rows of a table fulfil a condition."""
    found = select(func.count()).select_from(model).where(condition)
    return runtime.session.scalar(found) or 0


def _person(_runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    yield plain(
        visitor,
        *("kind", "remote_id", "handle", "name", "first_name", "follower_count", "verified"),
        *("protected", "accepts_messages", "avatar_url", "origin", "first_seen_at", "seen_at"),
    ) | {"folder": visitor.folder.name}


def _subscriptions(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    for row in runtime.session.scalars(select(Subscription).where(_tie_of(visitor))):
        yield {"account": row.service.shown_name} | plain(
            row,
            *("followed_at", "ended_at", "wrote_first_at", "opted_in_at", "opted_out_at"),
            *("doubted_at", "quarantined_at", "quarantine_reason", "last_message_at"),
        )


def _received(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(ReceivedMessage).where(_written_by(visitor)).order_by(ReceivedMessage.received_at)
    for row in runtime.session.scalars(rows):
        yield plain(row, "remote_id", "text", "wish", "settled", "settled_at", "received_at")


def _evidence(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(Consent).where(_proof_of(visitor)).order_by(Consent.id)
    for row in runtime.session.scalars(rows):
        told = plain(
            row,
            *("id", "answer", "scope", "source", "at", "recorded_at", "recorded_by", "purpose"),
            *("fields", "proof", "reference", "text_hash", "replaces_id"),
        )
        words = plain(row.wording, "text", "version", "language") if row.wording else None
        yield {"account": row.service.shown_name} | told | {"wording": words}


def _audit(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(AuditEntry).where(_audited(visitor)).order_by(AuditEntry.id)
    for row in runtime.session.scalars(rows):
        yield plain(row, "at", "actor", "action", "label", "detail")


def _erase_person(runtime: Runtime, visitor: Visitor) -> None:
    """Delete the row, with the words that find it, once nothing else leans on it."""
    erased.remember(runtime, visitor.kind, visitor.remote_id)
    erasing.leave_out(runtime, visitor)
    runtime.session.delete(visitor)
    runtime.session.flush()


def _erase_subscriptions(runtime: Runtime, visitor: Visitor) -> None:
    runtime.session.execute(delete(Subscription).where(_tie_of(visitor)))


def _erase_received(runtime: Runtime, visitor: Visitor) -> None:
    runtime.session.execute(delete(ReceivedMessage).where(_written_by(visitor)))


def _release_evidence(runtime: Runtime, visitor: Visitor) -> None:
    """Keep what proves a STOP or a consent: a moment and a hash, which name nobody any more."""
    wordings.forget_own_of(runtime, visitor)
    free = update(Consent).where(_proof_of(visitor))
    updated(runtime.session, free.values(visitor_id=None, proof="", purpose="", fields=[]))


def _empty_audit(runtime: Runtime, visitor: Visitor) -> None:
    empty(runtime, _audited(visitor))


def empty(runtime: Runtime, condition: ColumnElement[bool]) -> None:
    """Take names and words out of audit entries; who did what, and when, stays."""
    blank = update(AuditEntry).where(condition).values(label="", detail={})
    updated(runtime.session, blank)


HOLDINGS = (
    Holding(
        name="audit",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext("%(num)s line of the audit", "%(num)s lines of the audit", n),
        number=lambda runtime, who: count(runtime, AuditEntry, _audited(who)),
        rows=_audit,
        erase=_empty_audit,
    ),
    Holding(
        name="consents",
        fate=Fate.KEPT,
        label=lambda n: ngettext(
            "%(num)s proof of a consent or a STOP", "%(num)s proofs of a consent or a STOP", n
        ),
        number=lambda runtime, who: count(runtime, Consent, _proof_of(who)),
        rows=_evidence,
        erase=_release_evidence,
    ),
    Holding(
        name="received_messages",
        fate=Fate.REMOVED,
        label=lambda n: ngettext("%(num)s message received", "%(num)s messages received", n),
        number=lambda runtime, who: count(runtime, ReceivedMessage, _written_by(who)),
        rows=_received,
        erase=_erase_received,
    ),
    Holding(
        name="subscriptions",
        fate=Fate.REMOVED,
        label=lambda n: ngettext("%(num)s subscription", "%(num)s subscriptions", n),
        number=lambda runtime, who: count(runtime, Subscription, _tie_of(who)),
        rows=_subscriptions,
        erase=_erase_subscriptions,
    ),
    Holding(
        name="person",
        fate=Fate.REMOVED,
        label=lambda _n: _("name, username, id, picture and figures"),
        number=lambda _runtime, _who: 1,
        rows=_person,
        erase=_erase_person,
    ),
)
# Behind those of the domains above, which find their rows by these.
ADDITIONS = additions_of(HOLDINGS, rank=80)
