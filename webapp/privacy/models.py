"""Wishes to be erased, which name nobody once they are fulfilled."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.audience.models import Visitor
from webapp.kernel.db import SHORT, Base, word
from webapp.profiles.models import Profile


class WishState(StrEnum):
    """Where a wish stands."""

    ASKED = "asked"
    ERASED = "erased"
    WITHDRAWN = "withdrawn"


class ErasureWish(Base):
    """That somebody wants to be erased: who wrote it down, and who did it.

    `counts` says how many records of which kind were erased. From the wish on nobody writes to the
    person; once they are erased, the row names nobody.
    """

    __tablename__ = "erasure_wish"
    __table_args__ = (Index(None, "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int | None] = mapped_column(
        ForeignKey("visitor.id", ondelete="SET NULL"), index=True
    )
    # A wish about a profile is about every visitor that it is.
    profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("profile.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[WishState] = mapped_column(word(WishState))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(SHORT)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(SHORT, default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    visitor: Mapped[Visitor | None] = relationship()
    profile: Mapped[Profile | None] = relationship()

    @property
    def shown_state(self) -> str:
        """Where it stands for people: `gone` where the person went otherwise, with a sandbox."""
        is_known = self.visitor_id is not None or self.profile_id is not None
        is_gone = self.state is WishState.ASKED and not is_known
        return "gone" if is_gone else self.state.value

    @property
    def label(self) -> str:
        """Its number, for the audit: a name would outlive the erasure there."""
        return f"#{self.id}"
