"""A network whose tokens end, and what the ledger of their renewal says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from channels import (
    ChannelContext,
    ChannelError,
    ErrorKind,
    Granted,
    MovingWords,
    Person,
    Session,
    SharedProfile,
    SignInRequest,
)
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


class FakeSignIn:
    """A network where whoever comes back signed in as the account of the fake network."""

    def scopes(self) -> Mapping[str, str]:
        return {"read": "Read its posts.", "write": "Publish posts."}

    def missing(self, _context: ChannelContext) -> str:
        return ""

    def authorise(self, _context: ChannelContext, request: SignInRequest) -> str:
        return f"https://network.example/authorise?state={request.state}"

    def exchange(self, _context: ChannelContext, request: SignInRequest, code: str) -> Granted:
        tokens = {"token": f"token of {code}"}
        return Granted(secrets=tokens, scopes=frozenset(request.scopes))

    def profile(self, _context: ChannelContext, _granted: Granted) -> SharedProfile:
        return SharedProfile(person=Person(remote_id="1", handle="ateliernord", name="Atelier"))


class FakeMoving:
    """A network that trades its old token for a session."""

    def words(self) -> MovingWords:
        return MovingWords(
            older="old token",
            newer="sign-in",
            title="Move to sign-ins",
            line="Fake ends its old tokens. Both are kept until the new one is proved.",
        )

    def keys(self) -> Sequence[str]:
        return ("token",)

    def trade(self, context: ChannelContext) -> Session:
        del context
        return Session(secrets={"new": "traded"}, state={"scope": "all"})
