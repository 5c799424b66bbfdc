"""Operators, their roles, and the throttle of log-in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

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
    # Changed with the password, so that sessions begun before it end.
    session_token: Mapped[str] = mapped_column(SHORT)
    invitation_hash: Mapped[str | None] = mapped_column(SHORT, unique=True)
    invited_until: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(SHORT, default="en")
    time_zone: Mapped[str] = mapped_column(SHORT)
    theme: Mapped[str] = mapped_column(SHORT, default="auto")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_login_at: Mapped[datetime | None]


class LoginThrottle(Base):
    """Failed log-ins counted per address or per email, shared by all web processes."""

    __tablename__ = "login_throttle"

    key: Mapped[str] = mapped_column(SHORT, primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
