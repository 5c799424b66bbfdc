"""Operators, their roles and sessions, and the throttle of log-in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.kernel.db import SHORT, Base, word


class Role(StrEnum):
    """What an operator may do; each role may all that the ones below it may."""

    ADMIN = "admin"
    MARKETER = "marketer"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class Operator(Base):
    """A person who logs in to Fanfare."""

    __tablename__ = "operator"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(SHORT, unique=True)
    name: Mapped[str] = mapped_column(SHORT)
    role: Mapped[Role] = mapped_column(word(Role))
    password_hash: Mapped[str | None]
    invitation_hash: Mapped[str | None] = mapped_column(SHORT, unique=True)
    invited_until: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(SHORT, default="en")
    time_zone: Mapped[str] = mapped_column(SHORT)
    theme: Mapped[str] = mapped_column(SHORT, default="auto")
    # Whether the list of first steps was put away from Home.
    start_away: Mapped[bool] = mapped_column(default=False, server_default=false())
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]


class LoginSession(Base):
    """One log-in of an operator in one browser; the browser holds the token, the row its hash.

    Who logged out stays on record for a while: the addresses an operator came from are known ones.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index(None, "operator_id", "address"), Index(None, "seen_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(SHORT, unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # Whether the operator asked to stay logged in, so that a quiet night ends nothing.
    stays: Mapped[bool]
    agent: Mapped[str] = mapped_column(SHORT)
    address: Mapped[str] = mapped_column(SHORT)

    operator: Mapped[Operator] = relationship(lazy="joined", innerjoin=True)


class LoginThrottle(Base):
    """Wrong passwords counted by who tries them, shared by all web processes."""

    __tablename__ = "login_throttle"

    key: Mapped[str] = mapped_column(SHORT, primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
