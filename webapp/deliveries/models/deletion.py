"""The ledger of what is taken back: each call that asks a network to delete one part."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base, Money, word
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText


class DeletionOutcome(StrEnum):
    """What became of one call."""

    DELETED = "deleted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Deletion(Base):
    """One call that deletes what an attempt made, committed before it is made.

    Without an outcome it may be under way, or whoever made it died. Deleting what is gone is no
    fault of a channel, so whoever takes the part back again asks once more.
    """

    __tablename__ = "deletion"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), index=True
    )
    by: Mapped[str] = mapped_column(SHORT)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[DeletionOutcome | None] = mapped_column(word(DeletionOutcome))
    code: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    said: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING, server_default="")
    cost: Mapped[Decimal | None] = mapped_column(Money)
