"""Templates and deliveries; a proof is a delivery with a parent."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship, validates

from webapp.audience.models import Visitor
from webapp.deliveries import (
    kinds,
    sentences,  # noqa: F401 - rows are read with them
)
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.kinds.column import KindName
from webapp.deliveries.models.content import ContentPart, DeliveryVariant, Worded
from webapp.deliveries.models.experiment import ExperimentPlan, Planned
from webapp.deliveries.models.indexes import of_few
from webapp.deliveries.models.link import DeliveryLink
from webapp.deliveries.models.template import Template
from webapp.kernel.db import SHORT, Base, Money, word
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _
from webapp.kernel.leases import Leased
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText
from webapp.services.models import Service


class DeliveryState(StrEnum):
    """Where a delivery stands, in the order of its life."""

    DRAFT = "draft"
    ANALYSING = "analysing"
    READY = "ready"
    REJECTED = "rejected"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    RETRYING = "retrying"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"


EDITABLE = frozenset({DeliveryState.DRAFT, DeliveryState.READY, DeliveryState.REJECTED})
UNSENT = EDITABLE | {DeliveryState.ANALYSING}
MOVING = frozenset({DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.RETRYING})
ACTIVE = MOVING | {DeliveryState.PAUSED}
OVER = frozenset({DeliveryState.FINISHED, DeliveryState.STOPPED})


class Audience(StrEnum):
    """Who a direct message is for before filters."""

    CONSENTED = "consented"
    EVERYONE = "everyone"


class Held(StrEnum):
    """What a delivery waits for, or why it is paused or stopped."""

    NOTHING = ""
    # It goes on by itself.
    LIMIT = "limit"
    WAVE = "wave"
    INBOX = "inbox"
    NETWORK = "network"
    # A budget may also pause it, until somebody raises the budget.
    BUDGET = "budget"
    # Somebody must act first.
    OPERATOR = "operator"
    LATE = "late"
    ACCOUNT = "account"
    CHANNEL = "channel"
    FAILURES = "failures"
    INTERNAL = "internal"
    # Held before reasons had codes.
    LEGACY = "legacy"


class LatePolicy(StrEnum):
    """What happens to a delivery that missed its time by more than an hour."""

    ASK = "ask"
    SEND = "send"


class Delivery(Worded, Planned, Leased, Base):
    """One message to one target.

    `variants` hold what it says; `content_hash` seals what proofs and the analysis are about.
    Times are business time, but for `leased_until`, which bounds the life of a process.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(None, "state", "resume_at"),
        Index(None, "parent_id"),
        # The few that a worker still writes messages of.
        of_few("ix_delivery_unwritten_after", "unwritten_after", "unwritten_after IS NOT NULL"),
        # The one of each account that follows a yes is looked for with each answer.
        of_few("ix_delivery_continuous", "continuous", "continuous"),
        CheckConstraint("(parent_id IS NULL) = (number IS NULL)", name="proof_is_numbered"),
        UniqueConstraint("parent_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(SHORT)
    family: Mapped[DeliveryKind] = mapped_column("kind", KindName())
    # Which kind of a channel's own it is; empty for those of the core.
    kind_name: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    kind: Mapped[DeliveryKind] = composite(kinds.stored, "family", "kind_name")
    label: Mapped[str] = mapped_column(SHORT)
    # The same as search compares it.
    search_key: Mapped[str] = mapped_column(default="", server_default="")
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState))
    template_id: Mapped[int | None] = mapped_column(ForeignKey("template.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    number: Mapped[int | None]
    content_hash: Mapped[str] = mapped_column(SHORT, default="")
    # What Fanfare writes into its messages is in it, such as the opt-out line.
    language: Mapped[str] = mapped_column(SHORT, default="en", server_default="en")
    # Grows with each edit, so that two editors cannot overwrite each other unseen.
    revision: Mapped[int] = mapped_column(default=1)

    audience: Mapped[Audience] = mapped_column(word(Audience), default=Audience.CONSENTED)
    filters: Mapped[list[Any]] = mapped_column(default=list)
    # Who accepted last that all subscribers are written to; without a time, an edit voided that.
    everyone_accepted_by: Mapped[str] = mapped_column(SHORT, default="")
    everyone_accepted_at: Mapped[datetime | None]
    # To one person alone; without the recipient that person was erased, and nobody is meant.
    personal: Mapped[bool] = mapped_column(default=False, server_default=false())
    # To whoever agrees to messages from its confirmation on, one message each: it ends only when
    # somebody stops it. Answers that come with a file count where this was chosen, too.
    continuous: Mapped[bool] = mapped_column(default=False, server_default=false())
    follows_imports: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The delivery whose unsent messages are the target, and the first one of such a chain.
    rest_of_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    proof_service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    proof_visitor_id: Mapped[int | None] = mapped_column(
        ForeignKey("visitor.id", ondelete="SET NULL")
    )

    scheduled_at: Mapped[datetime | None]
    valid_for: Mapped[int] = mapped_column(default=5 * 86_400)
    expires_at: Mapped[datetime | None]
    # Whether clicks on its links are counted; `links` has what was chosen for single ones.
    counts_clicks: Mapped[bool] = mapped_column(default=True, server_default=true())
    wave_size: Mapped[int | None]
    late_policy: Mapped[LatePolicy] = mapped_column(word(LatePolicy), default=LatePolicy.ASK)

    analysis: Mapped[dict[str, Any]] = mapped_column(default=dict)
    analysed_at: Mapped[datetime | None]
    accepted_warnings: Mapped[list[Any]] = mapped_column(default=list)
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str] = mapped_column(SHORT, default="")
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str] = mapped_column(SHORT, default="")
    # The last person whose message is written while others wait for theirs; nothing once all have
    # theirs. Nothing goes out before.
    unwritten_after: Mapped[int | None]
    # The newest subscription when it was confirmed: who came later is not meant.
    confirmed_up_to: Mapped[int | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    resume_at: Mapped[datetime | None]
    # Why it waits, is paused or was stopped: for people. What follows from it is in `wait_code`.
    wait_reason: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING)
    # The same as one of `Held`, for programs.
    wait_code: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    # Who looked last at what failed and took it as dealt with; what fails later asks again.
    settled_by: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    settled_at: Mapped[datetime | None]
    # What reading the inbox for it cost, to hear STOP; rows from before this was kept have none.
    listening_cost: Mapped[Decimal | None] = mapped_column(Money, default=Decimal(0))

    created_by: Mapped[str] = mapped_column(SHORT)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    # A draft whose proofs went out leaves the lists, and its row holds their records.
    removed_at: Mapped[datetime | None]

    variants: Mapped[list[DeliveryVariant]] = relationship(
        order_by=DeliveryVariant.position, cascade="all, delete-orphan", passive_deletes=True
    )
    links: Mapped[list[DeliveryLink]] = relationship(
        order_by=DeliveryLink.id, cascade="all, delete-orphan", passive_deletes=True
    )
    plan: Mapped[ExperimentPlan | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )
    parent: Mapped["Delivery | None"] = relationship(remote_side=[id], foreign_keys=[parent_id])
    rest_of: Mapped["Delivery | None"] = relationship(remote_side=[id], foreign_keys=[rest_of_id])
    template: Mapped[Template | None] = relationship()
    services: Mapped[list[Service]] = relationship(
        secondary="delivery_service", order_by=Service.internal_name
    )
    proof_service: Mapped[Service | None] = relationship(foreign_keys=[proof_service_id])
    proof_visitor: Mapped[Visitor | None] = relationship()
    recipient: Mapped[Visitor | None] = relationship(secondary="delivery_recipient")

    @validates("label")
    def _found_by(self, _name: str, value: str) -> str:
        """Let search find the delivery by its label of now."""
        self.search_key = fold(value)
        return value

    @property
    def is_proof(self) -> bool:
        """Whether this is the proof of another delivery."""
        return self.parent_id is not None

    @property
    def is_written(self) -> bool:
        """Whether everybody whom it was confirmed for has a message."""
        return self.confirmed_at is not None and self.unwritten_after is None

    @property
    def title(self) -> str:
        """What it is called on its page."""
        if self.parent is None:
            return self.label
        return _("Proof #%(n)s of “%(label)s”", n=self.number, label=self.parent.label)

    def suspend(self, why: Notice, code: Held) -> None:
        """Say why it waits, is paused or stopped."""
        self.wait_reason, self.wait_code = why, code

    def free(self) -> None:
        """Take back what held it."""
        self.suspend(NOTHING, Held.NOTHING)

    @classmethod
    def listed(cls) -> ColumnElement[bool]:
        """Return the condition that a delivery stands in lists: no proof, and not removed."""
        return and_(cls.parent_id.is_(None), cls.removed_at.is_(None))

    @classmethod
    def says(cls, folded: str, words: str) -> ColumnElement[bool]:
        """Return the condition that words stand in the label, however written, or in any part."""
        labelled = cls.search_key.contains(folded, autoescape=True)
        told = or_(
            ContentPart.text.icontains(words, autoescape=True),
            ContentPart.subject.icontains(words, autoescape=True),
        )
        parts = select(ContentPart.id).join(
            DeliveryVariant, ContentPart.variant_id == DeliveryVariant.id
        )
        return or_(labelled, parts.where(DeliveryVariant.delivery_id == cls.id, told).exists())
