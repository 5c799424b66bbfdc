"""What profiles and the audience know of what happened with a person."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audience.models import Answer, Consent, ConsentScope, ConsentSource, ReceivedMessage
from webapp.audience.timeline import ANSWERS, Event
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts
from webapp.profiles.models import Origin, Profile
from webapp.profiles.moments import Edge, Moment, Wanted
from webapp.services.models import Service

SHARED = {
    (ConsentScope.PROFILE, Answer.OPT_IN): "shared",
    (ConsentScope.PROFILE, Answer.OPT_OUT): "unshared",
    (ConsentScope.EMAIL, Answer.OPT_IN): "email_yes",
    (ConsentScope.EMAIL, Answer.OPT_OUT): "email_no",
}
CHANGES = {
    "profile.create": "made",
    "profile.edit": "edited",
    "profile.merge": "merged",
    "profile.unmerge": "unmerged",
    "profile.link": "linked",
    "profile.unlink": "unlinked",
}


def answers(runtime: Runtime, wanted: Wanted) -> Iterator[Moment]:
    """Yield each yes and no, the newest first."""
    rows = select(Consent).where(Consent.visitor_id.in_(wanted.visitors))
    rows = rows.options(joinedload(Consent.service))
    for row in runtime.session.scalars(wanted.of(rows, "answer", Consent.at, Consent.id)):
        what = SHARED.get((row.scope, row.answer)) or ANSWERS.get(row.answer, "voided")
        yield Moment(
            edge=Edge(at=row.at, source="answer", number=row.id),
            event=Event(
                at=row.at,
                what=what,
                account=row.service.shown_name,
                said=row.proof,
                by=row.recorded_by if row.source is ConsentSource.OPERATOR else "",
                about=row.purpose,
            ),
        )


def replies(runtime: Runtime, wanted: Wanted) -> Iterator[Moment]:
    """Yield what they wrote, the newest first."""
    rows = select(ReceivedMessage).where(ReceivedMessage.visitor_id.in_(wanted.visitors))
    at, number = ReceivedMessage.received_at, ReceivedMessage.id
    for row in runtime.session.scalars(wanted.of(rows, "reply", at, number)):
        # Few accounts, each read once.
        account = runtime.session.get_one(Service, row.service_id).shown_name
        yield Moment(
            edge=Edge(at=row.received_at, source="reply", number=row.id),
            event=Event(at=row.received_at, what="wrote", account=account, said=row.text),
        )


def changes(runtime: Runtime, wanted: Wanted) -> Iterator[Moment]:
    """Yield what became of the profile, and of those that went into it, as the audit tells."""
    ids = contacts.went_into(runtime, wanted.profile.id)
    rows = select(AuditEntry).where(
        AuditEntry.subject == Profile.__tablename__,
        AuditEntry.subject_id.in_(ids),
        AuditEntry.action.in_(CHANGES),
    )
    for row in runtime.session.scalars(wanted.of(rows, "change", AuditEntry.at, AuditEntry.id)):
        yield Moment(
            edge=Edge(at=row.at, source="change", number=row.id),
            event=Event(at=row.at, what=CHANGES[row.action], by=row.actor),
        )


def imports(_runtime: Runtime, wanted: Wanted) -> list[Moment]:
    """Return the files that brought values which still stand in the profile, each once."""
    kept = [item for item in wanted.profile.sources.values() if item]
    files = {
        (item["at"], item.get("about", ""))
        for item in kept
        if item.get("origin") == Origin.IMPORT.value
    }
    found = [
        Moment(edge=Edge(at=event.at, source="import", number=number), event=event)
        for number, event in enumerate(
            Event(at=datetime.fromisoformat(at), what="imported", about=about)
            for at, about in sorted(files)
        )
    ]
    return [moment for moment in found if wanted.holds(moment.edge)]
