"""Links that are counted, their clicks, and what an instance, an account and a person chose."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.deliveries.models import Delivery
from webapp.kernel.db import SHORT, Base, Money, word

NUMBER = BigInteger().with_variant(Integer, "sqlite")


class ClickKind(StrEnum):
    """Who followed a link, by the rules of `fetchers`."""

    PERSON = "person"
    FETCHER = "fetcher"


class TrackedLink(Base):
    """A link of a delivery that readers get as a short one; it is there before any goes out.

    `id` is drawn, never counted: see `tokens.new_link`. `address` is as the operator wrote it. With
    the tokens of fields in it, it leads each reader somewhere else, which their `PersonalAddress`
    tells.
    """

    __tablename__ = "tracked_link"
    __table_args__ = (UniqueConstraint("delivery_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    # Addresses may be longer than what an index takes.
    digest: Mapped[str] = mapped_column(SHORT)
    address: Mapped[str] = mapped_column(Text)
    personal: Mapped[bool]
    made_at: Mapped[datetime]
    # From then on it leads to the substitute, or nowhere.
    expires_at: Mapped[datetime | None]

    delivery: Mapped[Delivery] = relationship()


class PersonalAddress(Base):
    """Where a link leads the reader of one message; it goes with the message."""

    __tablename__ = "personal_address"

    link_id: Mapped[int] = mapped_column(
        ForeignKey("tracked_link.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    address: Mapped[str] = mapped_column(Text)


class Click(Base):
    """One time that a link was followed, by a person or by a program that fetches pages.

    `key` was given before the answer, so that no click is written twice. `rule` says what told a
    fetcher. Neither address nor browser of whoever followed it is kept. The two firsts are of the
    person of the message: on this link, and in this delivery.
    """

    __tablename__ = "click"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "link_id", "id"),
        Index(None, "at"),
        Index(
            "ix_click_message_id",
            "message_id",
            "link_id",
            sqlite_where=text("message_id IS NOT NULL"),
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        Index(
            "ix_click_visitor_id",
            "visitor_id",
            "at",
            sqlite_where=text("visitor_id IS NOT NULL"),
            postgresql_where=text("visitor_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger)
    link_id: Mapped[int] = mapped_column(ForeignKey("tracked_link.id", ondelete="CASCADE"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id", ondelete="SET NULL"))
    at: Mapped[datetime]
    # The same as the number of quarter hours since 1970, by which clicks are counted.
    quarter: Mapped[int]
    kind: Mapped[ClickKind] = mapped_column(word(ClickKind))
    rule: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    first_on_link: Mapped[int] = mapped_column(default=0)
    first_in_delivery: Mapped[int] = mapped_column(default=0)

    link: Mapped[TrackedLink] = relationship()


class ClickCount(Base):
    """How often a link was followed in a quarter of an hour, through an account.

    It outlives the clicks. In every zone a day begins at a quarter of UTC, and not at an hour.

    `readers` counts the people who followed this link for the first time, `newcomers` those who
    followed any link of the delivery for the first time.
    """

    __tablename__ = "click_count"
    __table_args__ = (Index(None, "service_id", "quarter"),)

    link_id: Mapped[int] = mapped_column(
        ForeignKey("tracked_link.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    quarter: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ClickKind] = mapped_column(word(ClickKind), primary_key=True)
    number: Mapped[int]
    readers: Mapped[int]
    newcomers: Mapped[int]


class ClickTotal(Base):
    """How often a link was followed at all, through an account: the sum of its quarters.

    Reports are of many deliveries, and would add up every quarter of every link.
    """

    __tablename__ = "click_total"

    link_id: Mapped[int] = mapped_column(
        ForeignKey("tracked_link.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[ClickKind] = mapped_column(word(ClickKind), primary_key=True)
    number: Mapped[int]
    readers: Mapped[int]
    newcomers: Mapped[int]


class ClickQuarter(Base):
    """How often links of an account were followed in a quarter: the sum of its links."""

    __tablename__ = "click_quarter"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    quarter: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ClickKind] = mapped_column(word(ClickKind), primary_key=True)
    number: Mapped[int]
    readers: Mapped[int]
    newcomers: Mapped[int]


class Conversion(Base):
    """What the target of a link told of a click: a purchase, a registration, or what it calls it.

    The same `reference` of a click is told once. It names a record of theirs, and goes with the
    person; `amount` is in the `currency` that was told.
    """

    __tablename__ = "conversion"
    __table_args__ = (UniqueConstraint("click_key", "kind", "reference"), Index(None, "link_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    # The click itself may not be written yet, and may have left when it was old.
    click_key: Mapped[int] = mapped_column(BigInteger)
    link_id: Mapped[int] = mapped_column(ForeignKey("tracked_link.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(SHORT)
    reference: Mapped[str] = mapped_column(SHORT, default="")
    amount: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(SHORT, default="")
    at: Mapped[datetime]


class ClickMark(Base):
    """How far clicks are counted; whoever writes clicks locks it, so that none is left between."""

    __tablename__ = "click_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_click: Mapped[int] = mapped_column(BigInteger)


class TrackingChoice(Base):
    """What an instance chose about clicks; without the row, what stands in `choices` holds."""

    __tablename__ = "tracking_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    counts: Mapped[bool]
    names_people: Mapped[bool]
    campaign: Mapped[bool]
    click_ids: Mapped[bool]
    valid_days: Mapped[int | None]
    substitute: Mapped[str] = mapped_column(Text, default="")


class LinkDomain(Base):
    """The address that the short links of an account begin with, where it has one of its own."""

    __tablename__ = "link_domain"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(SHORT)


class TrackingRefusal(Base):
    """A person whose clicks are counted without them."""

    __tablename__ = "tracking_refusal"

    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(SHORT)
