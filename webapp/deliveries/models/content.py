"""What a delivery says, as rows: its variants, the parts of each, and the media of a part."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from webapp.kernel.db import SHORT, Base


@dataclass(frozen=True, slots=True)
class PartText:
    """What one part says, and the row it is known by; a part without one is new."""

    text: str
    row_id: int | None = None


class DeliveryVariant(Base):
    """One of the contents of a delivery; `weight` is its share among them.

    Most deliveries have one. With several, each message has one of them for good.
    """

    __tablename__ = "delivery_variant"
    __table_args__ = (
        UniqueConstraint("delivery_id", "position"),
        CheckConstraint("weight > 0", name="weight_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    position: Mapped[int]
    weight: Mapped[int] = mapped_column(default=1)

    # Whoever reads a variant reads its content, so all of it comes by one statement.
    parts: Mapped[list["ContentPart"]] = relationship(
        order_by="ContentPart.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="joined",
    )

    def arrange(self, wanted: Sequence[PartText]) -> None:
        """Let the parts be these in this order; one that is known keeps its subject and media."""
        known: dict[int | None, ContentPart] = {row.id: row for row in self.parts}
        rows = [
            known.pop(part.row_id) if part.row_id in known else ContentPart() for part in wanted
        ]
        session = object_session(self)
        if session and (
            known or [row.position for row in rows if row.id] != list(range(len(rows)))
        ):
            # No two rows may have one place, not even between two statements.
            for place, row in enumerate(rows):
                row.position = -1 - place
            self.parts = rows
            session.flush()
        for place, (row, part) in enumerate(zip(rows, wanted, strict=True)):
            row.position, row.text = place, part.text
        self.parts = rows


class ContentPart(Base):
    """One part of a variant: a post of a thread, or all of a message.

    `text` has its `{tokens}`, and so have `subject` and `html`, which are empty where a network
    knows none. `html` says the same as the text.
    """

    __tablename__ = "content_part"
    __table_args__ = (UniqueConstraint("variant_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("delivery_variant.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")

    media: Mapped[list["PartMedia"]] = relationship(
        order_by="PartMedia.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="joined",
    )


class PartMedia(Base):
    """A picture or film of a part: which bytes they are, what kind, how many, and what it shows.

    The bytes themselves lie elsewhere, and are found by their hash.
    """

    __tablename__ = "part_media"
    __table_args__ = (UniqueConstraint("part_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("content_part.id", ondelete="CASCADE"))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str] = mapped_column(SHORT)
    bytes: Mapped[int] = mapped_column(BigInteger)
    alt: Mapped[str] = mapped_column(default="")
