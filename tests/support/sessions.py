"""A network whose tokens end, and what the ledger of their renewal says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from channels import ChannelContext, ChannelError, ErrorKind, Session
from webapp.kernel.runtime import Runtime
from webapp.services.client import Client
from webapp.services.models import RefreshOutcome, Service, SessionRefresh

HOUR = timedelta(hours=1)


@dataclass
class FakeSessions:
    """A network whose tokens last an hour; the tokens of a test's account are old at first."""

    ends: datetime
    asked: list[str] = field(default_factory=list)
    single_use: bool = False
    on_refresh: Callable[[ChannelContext], None] = lambda _context: None

    def expires_at(self, context: ChannelContext) -> datetime | None:
        told = context.state.get("ends")
        return datetime.fromisoformat(told) if told else self.ends

    def uses_up(self, context: ChannelContext) -> str:
        return context.secret("token") if self.single_use else ""

    def refresh(self, context: ChannelContext) -> Session:
        self.asked.append(context.secret("token"))
        self.on_refresh(context)
        ends = context.now() + HOUR
        return Session(
            secrets={"token": f"new-{len(self.asked)}"},
            state={"ends": ends.isoformat()},
            expires_at=ends,
        )


def ledger(runtime: Runtime) -> list[RefreshOutcome | None]:
    runtime.session.expire_all()
    rows = runtime.session.scalars(select(SessionRefresh).order_by(SessionRefresh.id))
    return [row.outcome for row in rows]


def used(runtime: Runtime, service: Service) -> str:
    """The token that a call of the account is made with."""
    with Client(runtime, service).lend() as context:
        return context.secret("token")


def failing(kind: ErrorKind) -> Callable[[ChannelContext], None]:
    def fail(_context: ChannelContext) -> None:
        raise ChannelError("The network minds.", kind=kind, code="bad_token")

    return fail
