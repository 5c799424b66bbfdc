"""Which visitors a profile is, and what is asked about that."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.audience.models import Visitor
from webapp.kernel.db import SHORT, Base, word
from webapp.profiles.models.person import Origin, Profile


class LinkedBy(StrEnum):
    """What showed that a visitor and a profile are one person."""

    EMAIL = "email"
    NAMES = "names"
    HAND = "hand"
    # The profile was made of what the visitor shared.
    MADE = "made"


class ProfileLink(Base):
    """That a visitor is the person of a profile: a visitor has one profile, it may have several.

    `linked_by` is who did it, empty where Fanfare did; `note` is why, in the words of an operator.
    """

    __tablename__ = "profile_link"

    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profile.id", ondelete="CASCADE"), index=True
    )
    how: Mapped[LinkedBy] = mapped_column(word(LinkedBy))
    note: Mapped[str] = mapped_column(SHORT, default="")
    linked_at: Mapped[datetime]
    linked_by: Mapped[str] = mapped_column(SHORT, default="")

    visitor: Mapped[Visitor] = relationship()
    profile: Mapped[Profile] = relationship()


class NotSame(Base):
    """That an operator said a visitor is not the person of a profile, so nobody asks again."""

    __tablename__ = "not_same"
    __table_args__ = (Index(None, "profile_id"),)

    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True
    )
    profile_id: Mapped[int] = mapped_column(
        ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True
    )
    said_at: Mapped[datetime]
    said_by: Mapped[str] = mapped_column(SHORT)


class Unclear(StrEnum):
    """Why an operator is asked whose data these are."""

    # The page that asked for them leaves it to operators.
    BY_HAND = "by_hand"
    # Several profiles could be meant, or one that contradicts them.
    SEVERAL = "several"
    CONTRADICTS = "contradicts"
    # Too little to know somebody again by.
    TOO_LITTLE = "too_little"


class WaitingContact(Base):
    """What a visitor shared, until an operator says whose profile it belongs to.

    `values` are fields of a profile as text.
    """

    __tablename__ = "waiting_contact"
    __table_args__ = (Index(None, "shared_at"),)

    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    origin: Mapped[Origin] = mapped_column(word(Origin))
    origin_about: Mapped[str] = mapped_column(SHORT, default="")
    why: Mapped[Unclear] = mapped_column(word(Unclear))
    shared_at: Mapped[datetime]

    visitor: Mapped[Visitor] = relationship()
