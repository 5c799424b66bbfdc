"""Somebody who signs in on a page, and what they answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.audience.models import Visitor
from webapp.kernel.db import SHORT, Base


class AcquisitionVisit(Base):
    """Somebody on their way through a page: for one browser, for minutes, for one answer.

    `ciphertext` holds state and verifier until they come back from the network, and then what the
    network said of them, until they accept or refuse: it is deleted with the row. Times are the
    machine's.
    """

    __tablename__ = "acquisition_visit"
    __table_args__ = (Index(None, "ends_at"), Index(None, "remote_id"), Index(None, "page_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("acquisition_page.id", ondelete="CASCADE"))
    # The version that they read.
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(24))
    source: Mapped[str] = mapped_column(SHORT)
    # The hash of what their browser alone holds.
    holder: Mapped[str] = mapped_column(String(64), index=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    redirect_uri: Mapped[str]
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    # Whom the network means, once they came back.
    remote_id: Mapped[str | None] = mapped_column(SHORT)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    # Whether they come to take back what they agreed to, and are asked nothing.
    takes_back: Mapped[bool] = mapped_column(default=False, server_default=false())


class AcquisitionAnswer(Base):
    """What somebody accepted on a page when they answered last; each answer is a row of consents.

    `fields` are those of a profile that they shared, `scopes` what they may be written by.
    """

    __tablename__ = "acquisition_answer"
    __table_args__ = (Index(None, "visitor_id"), Index(None, "page_id", "answered_at"))

    page_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_page.id", ondelete="CASCADE"), primary_key=True
    )
    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(24))
    source: Mapped[str] = mapped_column(SHORT)
    fields: Mapped[list[Any]] = mapped_column(default=list)
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    first_at: Mapped[datetime]
    answered_at: Mapped[datetime]

    visitor: Mapped[Visitor] = relationship()
