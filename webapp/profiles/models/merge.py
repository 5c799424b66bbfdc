"""Merges of two profiles, with what it takes to undo them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base


class ProfileMerge(Base):
    """That a profile went into another one.

    `before` holds both as they were, with tags and links; `version` is that of the one that stayed
    right after the merge: while it has it, nothing was changed since. Neither id is a key of
    another table, since one of the two is gone.
    """

    __tablename__ = "profile_merge"
    __table_args__ = (
        Index(None, "kept_id"),
        Index(None, "gone_id"),
        Index(None, "merged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int]
    gone_id: Mapped[int]
    before: Mapped[dict[str, Any]]
    version: Mapped[int]
    merged_at: Mapped[datetime]
    merged_by: Mapped[str] = mapped_column(SHORT)
