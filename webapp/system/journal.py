"""The audit as operators read it: searched, newest first, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for; `before` is the id of the last entry of the page above."""

    words: str = ""
    before: int | None = None
    subject: str = ""
    subject_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries, and where the older ones begin."""

    entries: Sequence[AuditEntry]
    older: int | None


def search(runtime: Runtime, query: Query) -> Page:
    """Return the newest entries that match."""
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if query.words.strip():
        words = query.words.strip()
        columns = (AuditEntry.actor, AuditEntry.action, AuditEntry.label)
        wanted = wanted.where(or_(*(item.icontains(words, autoescape=True) for item in columns)))
    if query.before:
        wanted = wanted.where(AuditEntry.id < query.before)
    if query.subject:
        wanted = wanted.where(
            AuditEntry.subject == query.subject, AuditEntry.subject_id == query.subject_id
        )
    found = runtime.session.scalars(wanted).all()
    return Page(entries=found[:PAGE], older=found[PAGE - 1].id if len(found) > PAGE else None)
