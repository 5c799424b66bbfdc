"""The audit: who changed what, written in the transaction of the change itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.kernel.db import SHORT, Base
from webapp.kernel.permissions import EVERYTHING, NOTHING, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: an operator, the command line, or a worker."""

    name: str
    operator_id: int | None = None
    # Whose days are meant; empty for the zone of the instance.
    time_zone: str = ""
    # What use-cases let them do; who says nothing may do nothing.
    permissions: frozenset[Permission] = NOTHING


def trusted(name: str) -> Actor:
    """Return a worker, or whoever holds the command line: they hold the database and its keys."""
    return Actor(name=name, permissions=EVERYTHING)


# Who sends a request before they logged in.
ANONYMOUS = Actor(name="anonymous")


class AuditEntry(Base):
    """One change: when, who, what was done, to which object; details hold no secrets."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject", "subject_id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    operator_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(SHORT)
    action: Mapped[str] = mapped_column(SHORT)
    subject: Mapped[str] = mapped_column(SHORT)
    subject_id: Mapped[int | None]
    label: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(  # the sentence of an audit entry has this many words
    session: Session, actor: Actor, at: datetime, *, action: str, subject: object, **detail: Any
) -> None:
    """Add an entry about `subject`, a model row; the caller's transaction carries it.

    `action` is a verb phrase such as `delivery.confirm`.
    """
    label = getattr(subject, "label", None) or getattr(subject, "name", None) or ""
    session.add(
        AuditEntry(
            at=at,
            operator_id=actor.operator_id,
            actor=actor.name,
            action=action,
            subject=getattr(subject, "__tablename__", type(subject).__name__),
            subject_id=getattr(subject, "id", None),
            label=str(label),
            detail=detail,
        )
    )
