"""Profiles: the contacts that the team owns, with what finds, groups and extends them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.audience.models import KEY
from webapp.kernel.db import SHORT, Base, word


class Origin(StrEnum):
    """Where a profile, or one value of it, came from."""

    HAND = "hand"
    IMPORT = "import"
    PAGE = "page"


class Profile(Base):
    """A contact of the team. Texts that nobody gave are empty, and so is an unknown birth date.

    The keys are folded, for searching, comparing and sorting alike on every database. `own` holds
    the values of the team's own fields by their ids, `sources` says of each value where it came
    from and when. `version` counts changes, also those of tags and links, so that nobody overwrites
    what they did not see. Ids are never used twice: a merge that is undone gives one back.
    """

    __tablename__ = "profile"
    __table_args__ = (
        Index(None, "sort_key", "id"),
        Index(None, "email_key", "id"),
        Index(None, "name_key", "birth_date"),
        Index(None, "created_at", "id"),
        Index(None, "language", "id"),
        Index(None, "origin", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(SHORT, default="")
    last_name: Mapped[str] = mapped_column(SHORT, default="")
    email: Mapped[str] = mapped_column(SHORT, default="")
    phone: Mapped[str] = mapped_column(SHORT, default="")
    birth_date: Mapped[date | None]
    language: Mapped[str] = mapped_column(SHORT, default="")
    own: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sources: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # The whole name as it is said, and as a list is sorted.
    name_key: Mapped[str] = mapped_column(KEY, default="")
    sort_key: Mapped[str] = mapped_column(KEY, default="")
    email_key: Mapped[str] = mapped_column(KEY, default="")
    origin: Mapped[Origin] = mapped_column(word(Origin))
    # Which import or page.
    origin_about: Mapped[str] = mapped_column(SHORT, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """The name as it is said; empty where nobody gave one."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def shown_name(self) -> str:
        """What pages call the person: the name, or what else is known."""
        return self.name or self.email or self.phone or f"#{self.id}"

    @property
    def label(self) -> str:
        """Who it is, for the audit."""
        return self.shown_name


class ProfileWord(Base):
    """A folded word of a name or of the first part of an e-mail address, for search."""

    __tablename__ = "profile_word"
    __table_args__ = (Index(None, "profile_id"), {"sqlite_with_rowid": False})

    word: Mapped[str] = mapped_column(KEY, primary_key=True)
    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True
    )


class Tag(Base):
    """A word by which the team groups profiles, such as the fair where they met."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SHORT)
    key: Mapped[str] = mapped_column(KEY, unique=True)


class ProfileTag(Base):
    """That a profile has a tag."""

    __tablename__ = "profile_tag"
    __table_args__ = (Index(None, "profile_id"), {"sqlite_with_rowid": False})

    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True
    )

    tag: Mapped[Tag] = relationship()


class OwnField(Base):
    """A field that the team added to its profiles, such as the town; its values are texts."""

    __tablename__ = "own_field"
    # No id is used twice, or values of a field that went would stand under a new one.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(SHORT)
    key: Mapped[str] = mapped_column(KEY, unique=True)

    @property
    def code(self) -> str:
        """How its values are found in a profile."""
        return str(self.id)
