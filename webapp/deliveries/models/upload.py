"""Uploads: what is planned, asked of the network and answered before a message names a picture."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base, Money, word
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText


class UploadState(StrEnum):
    """Where one upload stands."""

    PLANNED = "planned"
    # A step is under way, or its worker died meanwhile: then nobody knows what became of it.
    CALLING = "calling"
    UNFINISHED = "unfinished"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    UNKNOWN = "unknown"


# What goes on where it stands.
GOES_ON = frozenset({UploadState.PLANNED, UploadState.UNFINISHED, UploadState.PROCESSING})


class MediaUpload(Base):
    """One upload of a picture or film, for one message; written before each of its calls.

    `position` is that of the part, `place` that in the part. `mark` is the channel's own note of
    where an unfinished one stands. Until `expires_at` a message may name `remote_id`.
    """

    __tablename__ = "media_upload"
    __table_args__ = (Index(None, "message_id", "position", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    position: Mapped[int]
    place: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[UploadState] = mapped_column(word(UploadState))
    remote_id: Mapped[str | None] = mapped_column(SHORT)
    mark: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime | None]
    ask_at: Mapped[datetime | None]
    planned_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    cost: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    code: Mapped[str] = mapped_column(SHORT, default="")
    said: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING)
