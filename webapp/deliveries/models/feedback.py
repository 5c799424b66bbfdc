"""What networks tell by themselves, and what is known of a message by that."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from channels import EventKind
from webapp.kernel.db import SHORT, Base, word
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText


class Arrival(StrEnum):
    """What is known of a message that was sent: its network took it over, and then what it tells.

    A message has none where its network says with the call itself that it arrived.
    """

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


class EventOutcome(StrEnum):
    """What became of an event."""

    APPLIED = "applied"
    OLDER = "older"
    NO_MESSAGE = "no_message"
    NOBODY = "nobody"
    FAILED = "failed"


class ChannelEvent(Base):
    """One thing that a network told, committed before anything follows from it.

    It is applied once. One whose message is not known yet is tried again at `due_at`, since a
    network may be faster than the outcome of the call. Until then `details` holds person and
    reply, and `said` the network's words.
    """

    __tablename__ = "channel_event"
    __table_args__ = (
        UniqueConstraint("service_id", "event_id"),
        Index(
            "ix_channel_event_waiting",
            "due_at",
            "id",
            sqlite_where=text("applied_at IS NULL"),
            postgresql_where=text("applied_at IS NULL"),
        ),
        # The few that could not be applied, which an erasure looks through.
        Index(
            "ix_channel_event_failed",
            "id",
            sqlite_where=text("outcome = 'failed'"),
            postgresql_where=text("outcome = 'failed'"),
        ),
        Index(None, "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    event_id: Mapped[str] = mapped_column(SHORT)
    kind: Mapped[EventKind] = mapped_column(word(EventKind))
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    message_id: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    lasting: Mapped[bool] = mapped_column(default=False, server_default=false())
    said: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING, server_default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    applied_at: Mapped[datetime | None]
    outcome: Mapped[EventOutcome | None] = mapped_column(word(EventOutcome))
