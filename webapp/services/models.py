"""Services, their secrets, and the quota windows of their channels."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from webapp.kernel.db import SHORT, Base, Money, word
from webapp.kernel.folders import Folder
from webapp.kernel.folding import fold
from webapp.kernel.text.naming import written
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText, read
from webapp.services import sentences  # noqa: F401 - rows are read with them


class ServiceState(StrEnum):
    """Whether a service can be used."""

    CONNECTED = "connected"
    NEEDS_FIXING = "needs_fixing"


class Service(Base):
    """One connected account of a channel."""

    __tablename__ = "service"
    __table_args__ = (
        # A removed service keeps its row, which its account gets back with whom it knows.
        UniqueConstraint("kind", "remote_id"),
        CheckConstraint("daily_cap > 0", name="daily_cap_positive"),
        Index("uq_service_event_token", "event_token", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(SHORT)
    label: Mapped[str] = mapped_column(SHORT)
    internal_name: Mapped[str] = mapped_column(SHORT, index=True)
    # Both as search compares them.
    search_key: Mapped[str] = mapped_column(default="", server_default="")
    remote_id: Mapped[str] = mapped_column(SHORT)
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    visitor_folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    is_test: Mapped[bool] = mapped_column(default=False)
    # An account of a channel's offline twin: nothing of it reaches anybody, and it can be removed.
    is_sandbox: Mapped[bool] = mapped_column(default=False)
    sync_subscriptions: Mapped[bool] = mapped_column(default=True)
    # Whether somebody else than the author must approve or send what goes out from it.
    four_eyes: Mapped[bool] = mapped_column(default=False, server_default=false())
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[ServiceState] = mapped_column(word(ServiceState))
    # What is wrong with it, or what its token lacks.
    fault: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING)
    account: Mapped[dict[str, Any]] = mapped_column(default=dict)
    account_read_at: Mapped[datetime | None]
    checks: Mapped[list[Any]] = mapped_column(default=list)
    checked_at: Mapped[datetime | None]
    # When its followers were first read to the end: before that, how many there are is unknown.
    audience_known_at: Mapped[datetime | None]
    # When the last reading that knows all began, and up to when everything people wrote is known.
    inbox_read_at: Mapped[datetime | None]
    inbox_read_to: Mapped[datetime | None]
    # The walk back through the inbox under way: its place, when it began, the newest it met.
    inbox_cursor: Mapped[str | None]
    inbox_walk_at: Mapped[datetime | None]
    inbox_walk_newest: Mapped[datetime | None]
    daily_cap: Mapped[int] = mapped_column(default=250)
    monthly_budget: Mapped[Decimal | None] = mapped_column(Money)
    # By whose clocks its day begins, such as that of the daily cap; nothing for the instance's.
    time_zone: Mapped[str | None] = mapped_column(SHORT)
    # Grows with each change of a secret, or of what its channel remembers.
    secrets_version: Mapped[int] = mapped_column(default=0, server_default="0")
    # When its session is renewed at the latest, or looked after; nothing where it has none.
    renew_at: Mapped[datetime | None]
    # Since when no request of it leaves this machine; nothing while its network can be reached.
    unreachable_since: Mapped[datetime | None]
    # Where its network tells what happened, at an address that nobody guesses.
    event_token: Mapped[str | None] = mapped_column(SHORT)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    @validates("label", "internal_name")
    def _found_by(self, name: str, value: str) -> str:
        """Let search find the account by what it is called from now on."""
        names = {key: getattr(self, key) or "" for key in ("label", "internal_name")}
        self.search_key = fold(" ".join((names | {name: value}).values()))
        return value

    @property
    def found(self) -> list[dict[str, Any]]:
        """What the checks found last, for whoever reads it."""
        return [{name: read(value) for name, value in check.items()} for check in self.checks]

    @property
    def shown_name(self) -> str:
        """The handle as pages show it."""
        return self._named(written(self.kind, self.internal_name))

    @property
    def bare_name(self) -> str:
        """The handle without what its network puts before it, for files and channel templates."""
        return self._named(self.internal_name)

    def _named(self, handle: str) -> str:
        """Let an account of a sandbox never be taken for a real one."""
        return Notice("sandbox_account", name=handle) if self.is_sandbox else handle

    folder: Mapped[Folder] = relationship(foreign_keys=[folder_id], lazy="joined")
    visitor_folder: Mapped[Folder] = relationship(foreign_keys=[visitor_folder_id])


class ServiceSecret(Base):
    """One encrypted secret of a service."""

    __tablename__ = "service_secret"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]


class StateValue(Base):
    """One thing that a channel remembers about a service, in `text` or encrypted in `ciphertext`.

    `version` grows with each change, so that of two workers that change it only one does.
    """

    __tablename__ = "service_state"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    text: Mapped[str] = mapped_column(default="", server_default="")
    ciphertext: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int]
    changed_at: Mapped[datetime]


# A row whose token left, or may have left, this machine.
SENT = "token_mark <> '' AND (outcome IS NULL OR outcome <> 'not_made')"


class RefreshOutcome(StrEnum):
    """What came of a try to renew a session: of an unknown one the network may have new tokens."""

    REFRESHED = "refreshed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_MADE = "not_made"


class SessionStep(StrEnum):
    """What a row of the ledger of sessions is about."""

    REFRESH = "refresh"
    TRADE = "trade"
    PROOF = "proof"
    SIGN_IN = "sign_in"
    BACK = "back"


class SessionRefresh(Base):
    """One call that makes or proves tokens of an account, committed before it is made.

    One without an outcome is under way, by the worker that began it, until its lease ends.
    `token_mark` tells which refresh token it sent, and does not tell the token.
    """

    __tablename__ = "session_refresh"
    __table_args__ = (
        Index(None, "service_id", "id"),
        # One worker at a time: the database itself refuses a second one.
        Index(
            "uq_session_refresh_open",
            "service_id",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
        # No token that is used up by its use is sent twice: the database refuses the second row.
        Index(
            "uq_session_refresh_token",
            "service_id",
            "token_mark",
            unique=True,
            sqlite_where=text(SENT),
            postgresql_where=text(SENT),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    step: Mapped[SessionStep] = mapped_column(
        word(SessionStep), default=SessionStep.REFRESH, server_default="refresh"
    )
    token_mark: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    began_by: Mapped[str] = mapped_column(SHORT)
    started_at: Mapped[datetime]
    # By the machine's clock.
    leased_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[RefreshOutcome | None] = mapped_column(word(RefreshOutcome))
    code: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    said: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING, server_default="")
    expires_at: Mapped[datetime | None]


class SignIn(Base):
    """One sign-in that an operator began: for one session of theirs, and for one answer.

    Its state and its verifier are encrypted, and of use for minutes; times are the machine's.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(SHORT)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    in_sandbox: Mapped[bool] = mapped_column(default=False)
    holder: Mapped[str] = mapped_column(SHORT, index=True)
    redirect_uri: Mapped[str] = mapped_column(Text)
    state_hash: Mapped[str] = mapped_column(SHORT, unique=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class QuotaWindow(Base):
    """How much of one limit is used until it resets.

    `holder` is who shares it: `service:7`, `app:x:1f3a`, or `cap:7` for the operator's own
    daily cap. Using one is `UPDATE ... SET used = used + 1 WHERE used < cap`.
    """

    __tablename__ = "quota_window"
    __table_args__ = (UniqueConstraint("holder", "operation", "seconds"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(SHORT)
    operation: Mapped[str] = mapped_column(SHORT)
    seconds: Mapped[int]
    cap: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    resets_at: Mapped[datetime]
    stated_at: Mapped[datetime | None]


class AccountFigure(Base):
    """One figure that a network tells of an account, on a day of the account, as read last then.

    What the network did not tell has no row: it is unknown, and never 0.
    """

    __tablename__ = "account_figure"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(SHORT, primary_key=True)
    value: Mapped[int]
    read_at: Mapped[datetime]


class Charge(Base):
    """What one operation of a service cost on one day; figures of a month are their sum."""

    __tablename__ = "charge"

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(SHORT, primary_key=True)
    variant: Mapped[str] = mapped_column(SHORT, primary_key=True, default="")
    calls: Mapped[int] = mapped_column(default=0)
    amount: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default="0")
