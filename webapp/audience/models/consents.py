"""What people answered about being written to: a row for each yes and each no, never changed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.kernel.db import SHORT, Base, word
from webapp.services.models import Service


class Answer(StrEnum):
    """What somebody answered; `VOID` takes back what it replaces, and says nothing of its own."""

    WROTE_FIRST = "wrote_first"
    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    DOUBT = "doubt"
    VOID = "void"


class ConsentScope(StrEnum):
    """What an answer is about; only those about messages open or close the consent gate."""

    MESSAGES = "messages"
    PROFILE = "profile"
    EMAIL = "email"


class ConsentSource(StrEnum):
    """Where an answer was given; `UNKNOWN` is of what was kept before there were rows."""

    MESSAGE = "message"
    OPERATOR = "operator"
    LINK = "link"
    ONE_CLICK = "one_click"
    PAGE = "page"
    IMPORT = "import"
    NETWORK = "network"
    ERASURE = "erasure"
    UNKNOWN = "unknown"


class ConsentWording(Base):
    """Words that people agreed to, as they stood there: each kept once, by the hash of all of it.

    An erasure empties those that nobody else agreed to, since they may name the person.
    """

    __tablename__ = "consent_wording"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str]
    version: Mapped[str] = mapped_column(SHORT)
    language: Mapped[str] = mapped_column(String(24))


class Consent(Base):
    """One answer of a person about an account: to what, by which words, when, where, proved how.

    `at` is when it was given, `recorded_at` when that was written down, and by whom. `reference`
    names what proves it: the network's id of a message, the number of ours whose link was used, or
    the line of a file; `text_hash` is SHA-256 of the words. `replaces_id` is the row that this one
    puts right, which counts no more. It outlives the person, who is then named no more.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(None, "visitor_id", "service_id"),
        Index(None, "service_id", "id"),
        Index(None, "wording_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id", ondelete="SET NULL"))
    answer: Mapped[Answer] = mapped_column(word(Answer))
    scope: Mapped[ConsentScope] = mapped_column(word(ConsentScope), default=ConsentScope.MESSAGES)
    source: Mapped[ConsentSource] = mapped_column(word(ConsentSource))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(SHORT, default="")
    purpose: Mapped[str] = mapped_column(default="")
    fields: Mapped[list[Any]] = mapped_column(default=list)
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("consent_wording.id"))
    proof: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(SHORT, default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    # No foreign key: a whole account goes at once, and each of its rows would be looked for.
    replaces_id: Mapped[int | None]

    service: Mapped[Service] = relationship()
    wording: Mapped[ConsentWording | None] = relationship(lazy="joined")
