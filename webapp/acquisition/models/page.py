"""A page that operators make, and each version of it that people read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.kernel.db import SHORT, Base, word
from webapp.services.models import Service


class PageKind(StrEnum):
    """How a page asks: one field after the other with its switch, or a form that is filled in."""

    SHARE = "share"
    FORM = "form"


class PageState(StrEnum):
    """Who reads a page: whoever has its private link, everybody, or nobody any more."""

    DRAFT = "draft"
    ONLINE = "online"
    CLOSED = "closed"


class AcquisitionPage(Base):
    """A page that asks people for something of themselves, in the name of one account.

    `draft` is what operators write, as `content.Content` reads it; people read the version that is
    online, which nobody changes. `edition` counts changes, so that nobody overwrites what they did
    not see.
    """

    __tablename__ = "acquisition_page"
    __table_args__ = (Index(None, "service_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(SHORT, unique=True)
    kind: Mapped[PageKind] = mapped_column(word(PageKind))
    # A sandbox takes its pages along; an account that is disconnected keeps its row.
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(SHORT)
    state: Mapped[PageState] = mapped_column(word(PageState))
    draft: Mapped[dict[str, Any]] = mapped_column(default=dict)
    edition: Mapped[int] = mapped_column(default=1)
    # Which version people read, or read last.
    number: Mapped[int | None]
    # Whether the draft differs from that version.
    changed: Mapped[bool] = mapped_column(default=True)
    preview_key: Mapped[str] = mapped_column(SHORT, unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(SHORT)
    changed_at: Mapped[datetime]
    online_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    service: Mapped[Service] = relationship(lazy="joined")


class AcquisitionVersion(Base):
    """What people read from one moment on, and never changed after; `seal` is the hash of it."""

    __tablename__ = "acquisition_version"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_page.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    seal: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(SHORT)


class AcquisitionPicture(Base):
    """A picture of a page, by the hash of its bytes; one that a version shows is kept with it."""

    __tablename__ = "acquisition_picture"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_page.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(SHORT)
    data: Mapped[bytes] = mapped_column(LargeBinary)
