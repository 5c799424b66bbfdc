"""A channel held in memory: it does what it is told and keeps what it was asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from wtforms import StringField
from wtforms.validators import InputRequired

from channels import (
    Account,
    Attempt,
    AudiencePage,
    Channel,
    ChannelContext,
    ChannelError,
    Check,
    CheckState,
    Content,
    ErrorKind,
    Finding,
    InboundMessage,
    InboundPage,
    Limit,
    Measure,
    NotSent,
    Operation,
    Part,
    Person,
    Price,
    Scope,
    SecretField,
    Sent,
    SettingsForm,
    Unknowable,
    hookimpl,
)

PAGE = 100


@dataclass
class FakeNetwork:
    """What the network holds; tests change it and look at it."""

    account: Account = field(
        default_factory=lambda: Account(
            remote_id="1", handle="ateliernord", name="Atelier Nord", followers=3
        )
    )
    people: list[Person] = field(default_factory=list)
    inbound: list[InboundMessage] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    directs: list[tuple[str, str]] = field(default_factory=list)
    # What the next calls do before the network accepts: an error to raise, or a function to run.
    before: list[Exception | Callable[[], None] | None] = field(default_factory=list)
    # The same after it accepted: the answer is lost, the message is not.
    after: list[Exception | None] = field(default_factory=list)
    reads: list[str | None] = field(default_factory=list)
    asked: list[Attempt] = field(default_factory=list)
    answer: Sent | NotSent | Unknowable | None = None
    limits: list[Limit] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)

    def accept(self, store: Callable[[], None]) -> None:
        """Do what was planned before, accept, then do what was planned after."""
        planned = self.before.pop(0) if self.before else None
        if isinstance(planned, Exception):
            raise planned
        if planned:
            planned()
        store()
        lost = self.after.pop(0) if self.after else None
        if lost:
            raise lost


class FakeForm(SettingsForm):
    region = StringField("Region")
    token = SecretField("Token", [InputRequired("This is needed.")])


class FakeChannel(Channel):
    kind = "fake"
    label = "Fake"

    def __init__(self, network: FakeNetwork) -> None:
        part = _Parts(network)
        self.network = network
        self.connection = part
        self.audience = _Audience(network)
        self.inbox = _Inbox(network)
        self.posts = _Posts(network)
        self.directs = _Directs(network)
        self.reconciliation = part
        self.limits = part


@dataclass
class _Parts:
    network: FakeNetwork

    def settings_form(self) -> type[SettingsForm]:
        return FakeForm

    def connect(self, context: ChannelContext) -> Account:
        if context.secret("token") == "wrong":
            raise ChannelError("The token is wrong. Make a new one.", kind=ErrorKind.SENDER)
        return self.network.accounts.get(context.handle.lower(), self.network.account)

    def diagnose(self, context: ChannelContext) -> Iterable[Check]:
        good = context.secret("token") != "wrong"
        state = CheckState.PASSED if good else CheckState.ERROR
        yield Check(
            code="token", label="Token", state=state, detail="The token.", fix="Make a new one."
        )

    def find_sent(self, _context: ChannelContext, attempt: Attempt) -> object:
        self.network.asked.append(attempt)
        if self.network.answer is not None:
            return self.network.answer
        for number, (remote_id, text) in enumerate(self.network.directs):
            mine = attempt.person is not None and attempt.person.remote_id == remote_id
            if mine and text == attempt.text and f"d{number}" not in attempt.known_remote_ids:
                return Sent(remote_id=f"d{number}")
        return NotSent()

    def limits(self, _context: ChannelContext) -> Sequence[Limit]:
        return self.network.limits

    def prices(self, _context: ChannelContext) -> Sequence[Price]:
        return self.network.prices

    def variant(self, _content: Content) -> str:
        return ""


@dataclass
class _Audience:
    network: FakeNetwork

    def read(self, _context: ChannelContext, cursor: str | None) -> AudiencePage:
        self.network.reads.append(cursor)
        planned = self.network.before.pop(0) if self.network.before else None
        if isinstance(planned, Exception):
            raise planned
        start = int(cursor or 0)
        end = start + PAGE
        more = end < len(self.network.people)
        return AudiencePage(
            people=tuple(self.network.people[start:end]), next_cursor=str(end) if more else None
        )


@dataclass
class _Inbox:
    network: FakeNetwork

    def read(self, _context: ChannelContext, cursor: str | None) -> InboundPage:
        newest = sorted(self.network.inbound, key=lambda item: item.received_at, reverse=True)
        start = int(cursor or 0)
        more = start + PAGE < len(newest)
        return InboundPage(
            messages=tuple(newest[start : start + PAGE]),
            next_cursor=str(start + PAGE) if more else None,
        )


@dataclass
class _Posts:
    network: FakeNetwork

    def measure(self, text: str) -> Measure:
        return Measure(length=len(text), limit=280)

    def check(self, _content: Content) -> Iterable[Finding]:
        return ()

    def publish(self, _context: ChannelContext, part: Part) -> Sent:
        self.network.accept(lambda: self.network.posts.append(part.text))
        return Sent(remote_id=f"p{len(self.network.posts) - 1}")

    def delete(self, _context: ChannelContext, remote_id: str) -> None:
        self.network.posts[int(remote_id[1:])] = ""


@dataclass
class _Directs:
    network: FakeNetwork

    def measure(self, text: str) -> Measure:
        return Measure(length=len(text), limit=1_000)

    def check(self, _content: Content) -> Iterable[Finding]:
        return ()

    def can_receive(
        self, _context: ChannelContext, people: Sequence[Person]
    ) -> Mapping[str, bool | None]:
        return {person.remote_id: person.accepts_messages for person in people}

    def send(self, _context: ChannelContext, person: Person, content: Content) -> Sent:
        sent = (person.remote_id, content.parts[0].text)
        number = len(self.network.directs)
        self.network.accept(lambda: self.network.directs.append(sent))
        return Sent(remote_id=f"d{number}")


class FakePlugin:
    """The plugin that brings the fake channel."""

    def __init__(self, network: FakeNetwork) -> None:
        self.channel = FakeChannel(network)

    @hookimpl
    def register_channels(self) -> list[Channel]:
        return [self.channel]


def person(number: int, **more: object) -> Person:
    """Make a person by number."""
    values: dict = {
        "remote_id": f"r{number}",
        "handle": f"person{number}",
        "name": f"Person {number}",
        "friends": number,
        "accepts_messages": True,
    }
    return Person(**{**values, **more})


def wrote(
    number: int, text: str, at: datetime, *, wish: object = None, who: int | None = None
) -> InboundMessage:
    """Make a message that a person wrote."""
    return InboundMessage(
        remote_id=f"m{number}",
        person=person(number if who is None else who),
        text=text,
        received_at=at,
        wish=wish,
    )


def direct_limit(cap: int, *, seconds: int = 900) -> Limit:
    """A limit on direct messages of the account."""
    return Limit(operation=Operation.DIRECT, scope=Scope.ACCOUNT, seconds=seconds, cap=cap)


def direct_price(amount: str) -> Price:
    """A price of direct messages."""
    return Price(operation=Operation.DIRECT, amount=Decimal(amount), label="Direct messages sent")
