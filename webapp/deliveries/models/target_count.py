"""The figures of a large target, kept beside its draft."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import Base


class TargetCount(Base):
    """What was counted last of a target too large to be counted at each keystroke.

    `target` is the hash of what it was counted for: with another target nothing here holds.
    `longest` has the ids of the people whose names make the longest messages. It may be lost: the
    next one who opens the draft counts again.
    """

    __tablename__ = "target_count"

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    target: Mapped[str] = mapped_column(String(64))
    counted_at: Mapped[datetime]
    eligible: Mapped[int]
    excluded: Mapped[list[Any]]
    nameless: Mapped[int]
    longest: Mapped[list[Any]]
