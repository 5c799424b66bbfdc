"""Messages, the lines of the delivery log, and the attempts to send them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.audience.models import Subscription, Visitor
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.kinds.column import KindName
from webapp.deliveries.models.delivery import Delivery
from webapp.kernel.db import SHORT, Base, Money, word
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText
from webapp.services.models import Service


class MessageState(StrEnum):
    """Where one message stands."""

    IGNORED = "ignored"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


# It ended, but not by being sent; of a thread some parts may be out.
HALF_WAY = frozenset({MessageState.FAILED, MessageState.CANCELLED, MessageState.IGNORED})
# The condition of an index. A query that means to use it must hold the very same words, since
# SQLite proves nothing about values that are given apart.
OPEN = "state IN ('sending', 'unknown')"
# The same of those for which something is told: what was sent, or waits, is not in its index.
REASONED = "message.reason != ''"


class Message(Base):
    """One recipient, or one account, of one delivery.

    `recipient` is unique within the delivery: `visitor:12` or `service:3`, and in a proof of
    several variants `service:3#2` for the second. `reason` is a stable code, `said` the network's
    own words. `kind` repeats the
    delivery's. `parts_sent` counts the parts that are out, which go out in their order: the next
    one is where it goes on. `remote_id` and `remote_url` are those of the first part.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("delivery_id", "recipient"),
        Index(None, "delivery_id", "state", "due_at", "id"),
        Index(None, "delivery_id", "changed_at", "id"),
        Index(None, "visitor_id"),
        # The few that somebody waits for, of whatever delivery: see `OPEN`.
        Index(
            "ix_message_open",
            "state",
            "due_at",
            "leased_until",
            "delivery_id",
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        # Those left out, or that failed, for a reason.
        Index(
            "ix_message_reason",
            "delivery_id",
            "state",
            "reason",
            "id",
            sqlite_where=text("reason != ''"),
            postgresql_where=text("reason != ''"),
        ),
        # Whoever deletes a variant looks for its messages; those without a choice are not in it.
        Index(
            "ix_message_variant_id",
            "variant_id",
            sqlite_where=text("variant_id IS NOT NULL"),
            postgresql_where=text("variant_id IS NOT NULL"),
        ),
        # Whoever deletes a subscription looks for its messages; those to nobody are not in it.
        Index(
            "ix_message_subscription_id",
            "subscription_id",
            sqlite_where=text("subscription_id IS NOT NULL"),
            postgresql_where=text("subscription_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    kind: Mapped[DeliveryKind] = mapped_column(KindName())
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id", ondelete="SET NULL"))
    subscription_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscription.id", ondelete="SET NULL")
    )
    # Chosen once, when the message is written; nothing where the delivery has one variant alone.
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("delivery_variant.id"))
    recipient: Mapped[str] = mapped_column(SHORT)
    state: Mapped[MessageState] = mapped_column(word(MessageState))
    reason: Mapped[str] = mapped_column(SHORT, default="")
    said: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    parts_sent: Mapped[int] = mapped_column(default=0, server_default="0")
    remote_id: Mapped[str | None] = mapped_column(SHORT)
    remote_url: Mapped[str | None]
    # What names it to a network that honours keys: made before the first try, the same for each.
    key: Mapped[str | None] = mapped_column(String(32))
    key_made_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    # What is known of a sent one since, an `Arrival`, and by which moment; empty for nothing.
    arrival: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    arrived_at: Mapped[datetime | None]
    # When an operator had the network delete the post again.
    taken_back_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    delivery: Mapped[Delivery] = relationship()
    service: Mapped[Service] = relationship()
    visitor: Mapped[Visitor | None] = relationship()
    subscription: Mapped[Subscription | None] = relationship()

    @property
    def is_half_out(self) -> bool:
        """Whether it ended while some of its parts are out, and the others are not."""
        return self.parts_sent > 0 and self.state in HALF_WAY

    @property
    def is_out(self) -> bool:
        """Whether it stands on its network, wholly or in part, and nothing of it is on its way."""
        given_up = self.state is MessageState.UNKNOWN and self.due_at is None
        half = self.parts_sent > 0 and (given_up or self.state in HALF_WAY)
        return half or (self.state is MessageState.SENT and self.remote_id is not None)

    @property
    def shown_state(self) -> str:
        """Where it stands for people: whether it arrived, where that is told, else its state."""
        return self.arrival or self.state.value


class MessageCount(Base):
    """How many messages of a delivery are in one state now, and what was charged for them.

    It changes in the transaction of each message, and outlives the messages. `state` is one of
    `MessageState`, or `taken_back` for the posts that were deleted again; `reason` is that of the
    messages which ended without being sent, and else empty.
    """

    __tablename__ = "message_count"

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(SHORT, primary_key=True)
    reason: Mapped[str] = mapped_column(SHORT, primary_key=True)
    number: Mapped[int]
    cost: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default="0")


class FailureQuarter(Base):
    """How many messages of an account ended without success in a quarter of an hour, and why.

    It outlives messages and deliveries. `state` is `failed` or `cancelled`, or without a reason
    `bounced` or `complained`.
    """

    __tablename__ = "failure_quarter"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    # The number of quarter hours since 1970.
    quarter: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(SHORT, primary_key=True)
    reason: Mapped[str] = mapped_column(SHORT, primary_key=True)
    number: Mapped[int]


class AttemptOutcome(StrEnum):
    """What became of one call."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


class Attempt(Base):
    """One call to the network, committed before it is made; without outcome it may be under way.

    `position` is that of the part it sends. `remote_id` is what the network calls what came of it.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("message_id", "number"),
        # One remote thing belongs to one message: the database itself refuses a second claim.
        # Networks may number posts and direct messages apart.
        Index(
            "uq_attempt_service_id_kind_remote_id",
            "service_id",
            "kind",
            "remote_id",
            unique=True,
            sqlite_where=text("remote_id IS NOT NULL"),
            postgresql_where=text("remote_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    number: Mapped[int]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    text: Mapped[str]
    # Whether the network honoured the key of the message then: the same may be sent again.
    keyed: Mapped[bool] = mapped_column(default=False, server_default=false())
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[AttemptOutcome | None] = mapped_column(word(AttemptOutcome))
    code: Mapped[str] = mapped_column(SHORT, default="")
    said: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING)
    cost: Mapped[Decimal | None] = mapped_column(Money)
    # Where it went, and what it is called there, once it was accepted.
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    kind: Mapped[str | None] = mapped_column(String(24))
    remote_id: Mapped[str | None] = mapped_column(SHORT)
    remote_url: Mapped[str | None]
    # When an operator had the network delete it again.
    taken_back_at: Mapped[datetime | None]

    message: Mapped[Message] = relationship()
