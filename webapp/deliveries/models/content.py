"""What a delivery says, as rows: its variants, the parts of each, and the media of a part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from webapp.kernel.db import SHORT, Base


@dataclass(frozen=True, slots=True)
class PartText:
    """What one part says, and the row it is known by; a part without one is new."""

    text: str
    row_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture or film as a part shows it: its file, and what is said of it."""

    sha256: str
    mime: str
    bytes: int
    alt: str

    @classmethod
    def of(cls, row: "PartMedia") -> "Shown":
        """Return what a row says."""
        return cls(sha256=row.sha256, mime=row.mime, bytes=row.bytes, alt=row.alt)


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

    def show(self, wanted: Sequence[Shown]) -> None:
        """Let it show these in this order; one that it shows already keeps its row."""
        known = list(self.media)
        rows = [_taken(known, item) for item in wanted]
        session = object_session(self)
        if session and rows != self.media:
            # As with parts, no two rows may have one place between two statements.
            for place, row in enumerate(rows):
                row.position = -1 - place
            self.media = rows
            session.flush()
        for place, (row, item) in enumerate(zip(rows, wanted, strict=True)):
            row.position, row.alt = place, item.alt
        self.media = rows


class PartMedia(Base):
    """A picture or film of a part: which bytes they are, what kind, how many, and what it shows.

    The bytes themselves lie elsewhere, and are found by their hash.
    """

    __tablename__ = "part_media"
    __table_args__ = (
        UniqueConstraint("part_id", "position"),
        # Whoever deletes a picture looks for whoever shows it.
        Index(None, "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("content_part.id", ondelete="CASCADE"))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str] = mapped_column(SHORT)
    bytes: Mapped[int] = mapped_column(BigInteger)
    alt: Mapped[str] = mapped_column(default="")


def _taken(known: list[PartMedia], item: Shown) -> PartMedia:
    """Take the row of a picture from those that are known, or make one."""
    found = next((row for row in known if Shown.of(row) == item), None)
    if found is None:
        return PartMedia(sha256=item.sha256, mime=item.mime, bytes=item.bytes, alt=item.alt)
    known.remove(found)
    return found


class Worded:
    """What has variants says something: all of it, or where one begins to read."""

    variants: Mapped[list[DeliveryVariant]]

    @property
    def content(self) -> str:
        """The text of the first part of its first variant, with its `{tokens}`."""
        return self.variants[0].parts[0].text if self.variants else ""

    @content.setter
    def content(self, text: str) -> None:
        if not self.variants:
            first = ContentPart(position=0, text=text)
            self.variants = [DeliveryVariant(position=0, weight=1, parts=[first])]
        self.variants[0].parts[0].text = text

    @property
    def parts(self) -> list[PartText]:
        """The parts of its first variant, in their order."""
        rows = self.variants[0].parts if self.variants else []
        return [PartText(row.text, row.id) for row in rows]

    @parts.setter
    def parts(self, wanted: Sequence[PartText]) -> None:
        self.variants[0].arrange(wanted)

    @property
    def texts(self) -> list[str]:
        """The text of each part of each variant, with its `{tokens}`."""
        return [part.text for variant in self.variants for part in variant.parts]

    @property
    def subject(self) -> str:
        """The subject of its first part, with its `{tokens}`; empty where there is none."""
        return self.variants[0].parts[0].subject if self.variants else ""

    @subject.setter
    def subject(self, text: str) -> None:
        self.variants[0].parts[0].subject = text

    @property
    def alts(self) -> dict[int, str]:
        """What is said of each picture and film, by the row that shows it."""
        parts = [part for variant in self.variants for part in variant.parts]
        return {item.id: item.alt for part in parts for item in part.media}

    @alts.setter
    def alts(self, wanted: Mapping[int, str]) -> None:
        for part in (part for variant in self.variants for part in variant.parts):
            for item in part.media:
                item.alt = wanted.get(item.id, item.alt)

    @property
    def media(self) -> list[tuple[Shown, ...]]:
        """The pictures and films of each part of its first variant."""
        rows = self.variants[0].parts if self.variants else []
        return [tuple(Shown.of(item) for item in row.media) for row in rows]

    @media.setter
    def media(self, wanted: Sequence[Sequence[Shown]]) -> None:
        for row, items in zip(self.variants[0].parts, wanted, strict=True):
            row.show(items)
