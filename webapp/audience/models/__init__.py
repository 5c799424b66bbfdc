"""Visitors and their subscriptions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.audience import sentences  # noqa: F401 - rows are read with them
from webapp.audience.models.consents import (
    Answer,
    Consent,
    ConsentScope,
    ConsentSource,
    ConsentWording,
)
from webapp.audience.models.imports import (
    ConsentImport,
    ConsentImportFault,
    ConsentImportPiece,
    ConsentImportState,
)
from webapp.kernel.db import SHORT, Base
from webapp.kernel.folders import Folder
from webapp.kernel.text.naming import written
from webapp.services.models import Service

__all__ = [
    "KEY",
    "Answer",
    "AudienceDay",
    "Consent",
    "ConsentDay",
    "ConsentImport",
    "ConsentImportFault",
    "ConsentImportPiece",
    "ConsentImportState",
    "ConsentScope",
    "ConsentSource",
    "ConsentWording",
    "ErasedPerson",
    "ListCount",
    "OwnWord",
    "ReceivedMessage",
    "Subscription",
    "Visitor",
    "VisitorWord",
]

# Sorted byte by byte everywhere, so that pages by key and searches by range agree.
KEY = String(255).with_variant(String(255, collation="C"), "postgresql")


def _rare(name: str, condition: str) -> Index:
    """Return an index of the few subscriptions for which something holds."""
    holds = text(condition)
    return Index(
        f"ix_subscription_{name}",
        "service_id",
        "visitor_id",
        sqlite_where=holds,
        postgresql_where=holds,
    )


class Visitor(Base):
    """A person known from a channel.

    `follower_count` counts the person's own followers, as in the product Fanfare replaces. What the
    network did not say is `None`, never zero. `seen_at` is when these columns were written last; a
    run that finds somebody unchanged notes that it saw them with their subscription alone.
    """

    __tablename__ = "visitor"
    __table_args__ = (
        UniqueConstraint("kind", "remote_id"),
        Index(None, "follower_count", "id"),
        Index(None, "handle_key", "id"),
        Index(None, "name_key", "id"),
        Index(None, "first_seen_at", "id"),
        Index(None, "folder_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(SHORT)
    remote_id: Mapped[str] = mapped_column(SHORT)
    origin: Mapped[str] = mapped_column(SHORT)
    handle: Mapped[str] = mapped_column(SHORT)
    name: Mapped[str] = mapped_column(SHORT)
    # Folded, for searching and sorting alike on every database.
    handle_key: Mapped[str] = mapped_column(KEY)
    name_key: Mapped[str] = mapped_column(KEY)
    # The word of the name that a greeting may use; empty where none is sure to be it.
    first_name: Mapped[str] = mapped_column(SHORT, default="")
    follower_count: Mapped[int | None]
    verified: Mapped[bool | None]
    protected: Mapped[bool | None]
    accepts_messages: Mapped[bool | None]
    avatar_url: Mapped[str | None]
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    folder: Mapped[Folder] = relationship()

    @property
    def shown_handle(self) -> str:
        """The handle as pages show it."""
        return written(self.kind, self.handle)


class VisitorWord(Base):
    """A folded word of a name or username: search finds people by how any of these begins."""

    __tablename__ = "visitor_word"
    __table_args__ = (Index(None, "visitor_id"), {"sqlite_with_rowid": False})

    word: Mapped[str] = mapped_column(KEY, primary_key=True)
    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True
    )


class Subscription(Base):
    """What ties a visitor to a service: following it, writing to it, agreeing to messages.

    `followed_at` is when Fanfare first saw the person follow, since X does not tell since when;
    somebody who only wrote has none. `ended_at` is when a sync no longer found the person. Where
    the network tells of either itself, it is the moment that it names.
    `doubted_at` is when they wrote something that looks like a refusal and waits for an operator.

    The four moments of consent follow from the rows of `Consent`, are written with each of them by
    `consents.ledger` and by nothing else, and are what the gate asks: one indexed row for each.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("service_id", "visitor_id"),
        Index(None, "visitor_id"),
        _rare("asked", "wrote_first_at IS NOT NULL OR opted_in_at IS NOT NULL"),
        _rare("wrote_first", "wrote_first_at IS NOT NULL"),
        _rare("opted_in", "opted_in_at IS NOT NULL"),
        _rare("opted_out", "opted_out_at IS NOT NULL"),
        _rare("doubted", "doubted_at IS NOT NULL"),
        _rare("ended", "ended_at IS NOT NULL"),
        _rare("quarantined", "quarantined_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
    followed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    seen_run_id: Mapped[int | None]
    wrote_first_at: Mapped[datetime | None]
    opted_in_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    doubted_at: Mapped[datetime | None]
    quarantined_at: Mapped[datetime | None]
    quarantine_reason: Mapped[str] = mapped_column(default="")
    soft_failures: Mapped[int] = mapped_column(default=0)
    last_soft_failure_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]

    service: Mapped[Service] = relationship()
    visitor: Mapped[Visitor] = relationship()

    @property
    def label(self) -> str:
        """Who it is about, for the audit: the person and the account."""
        who = self.visitor
        named = f"{who.name} ({who.handle})" if who.name else who.handle
        return f"{named}, {self.service.bare_name}"


class AudienceDay(Base):
    """How many followed an account at the end of a day, and how many came and went in it.

    The day is one of the account's own zone. It is written by synchronisations and by what the
    network tells, and outlives the subscriptions; a day that is over never changes.
    """

    __tablename__ = "audience_day"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    followers: Mapped[int]
    gained: Mapped[int]
    lost: Mapped[int]


class ConsentDay(Base):
    """How many agreed to messages of an account on one of its days, and how many took it back.

    It is written with the answers, and outlives the people. How many agree is the sum of all days.
    """

    __tablename__ = "consent_day"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    gained: Mapped[int]
    lost: Mapped[int]


class ListCount(Base):
    """How many people a long list of visitors held when they were counted last.

    `name` says which list, `asked` is the hash of what was counted: with another question nothing
    here holds. It may be lost: whoever looks at the list lets it be counted again.
    """

    __tablename__ = "list_count"

    name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    counted_at: Mapped[datetime]


class ReceivedMessage(Base):
    """One message a person wrote to a service; proof of why they may be answered.

    What an operator decided about one in doubt is `settled`: `stop`, or `other` for no refusal.
    `heard` names the table of words by which it was read last.
    """

    __tablename__ = "received_message"
    __table_args__ = (
        UniqueConstraint("service_id", "remote_id"),
        Index(None, "service_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), index=True
    )
    remote_id: Mapped[str] = mapped_column(SHORT)
    text: Mapped[str]
    wish: Mapped[str] = mapped_column(SHORT, default="")
    settled: Mapped[str] = mapped_column(SHORT, default="")
    settled_by: Mapped[str] = mapped_column(SHORT, default="")
    settled_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    heard: Mapped[str] = mapped_column(SHORT, default="", index=True)
    # When the network last returned it: some networks charge once a day for that.
    read_at: Mapped[datetime]


class ErasedPerson(Base):
    """Somebody who was erased, by a keyed hash of their id: see `erased`."""

    __tablename__ = "erased_person"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[datetime]


class OwnWord(Base):
    """A word or phrase that ends messages on this instance, beside those of the table.

    `meaning` is the value of a `Wish`, `stop` or `doubt`; `spelled` is how it is compared.
    """

    __tablename__ = "own_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(SHORT)
    spelled: Mapped[str] = mapped_column(SHORT, unique=True)
    meaning: Mapped[str] = mapped_column(SHORT)
    added_by: Mapped[str] = mapped_column(SHORT)
    added_at: Mapped[datetime]

    @property
    def label(self) -> str:
        """The word itself, for the audit."""
        return self.words
