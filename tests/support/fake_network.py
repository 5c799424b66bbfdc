"""A network held in memory: it does what it is told and keeps what it was asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from channels import (
    Accepts,
    Account,
    Attempt,
    ChannelContext,
    Check,
    InboundMessage,
    Limit,
    MessageKind,
    NotSent,
    Operation,
    Outgoing,
    Person,
    Price,
    RemoteMedia,
    Scope,
    Sent,
    Unknowable,
)


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
    # When the account itself wrote.
    besides: list[datetime] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    directs: list[tuple[str, str]] = field(default_factory=list)
    # What the next calls do before the network accepts: an error to raise, or a function to run.
    before: list[Exception | Callable[[], None] | None] = field(default_factory=list)
    # The same after it accepted: the answer is lost, the message is not.
    after: list[Exception | None] = field(default_factory=list)
    reads: list[str | None] = field(default_factory=list)
    inbox_reads: list[str | None] = field(default_factory=list)
    asked: list[Attempt] = field(default_factory=list)
    answer: Sent | NotSent | Unknowable | Exception | None = None
    limits: list[Limit] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    # The variant of each text with a link.
    linked: str = ""
    accounts: dict[str, Account] = field(default_factory=dict)
    # What happens each time the account is asked for or checked: it may raise, observe, remember.
    on_ask: Callable[[ChannelContext], None] = lambda _context: None
    # What happens each time a page of people is read.
    on_read: Callable[[ChannelContext], None] = lambda _context: None
    # What reading the inbox raises, if anything.
    on_inbox: Exception | None = None
    # What each post answers to, and whether one is found again by its text.
    replies: list[str | None] = field(default_factory=list)
    finds_posts: bool = False
    # What deleting a post raises or runs, if anything.
    on_delete: Exception | Callable[[], None] | None = None
    checks: list[Check] = field(default_factory=list)
    offered: list["FakeOffer"] = field(default_factory=list)
    accepts: Accepts = field(default_factory=Accepts)
    # The kinds of message it has beside direct messages, and all that it was asked to send.
    message_kinds: list[MessageKind] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    # Whether pictures are uploaded before a post names them; else they go out with it.
    uploads: bool = False
    # The bytes of each upload that it took, as `m0`, `m1` ..., and what each post shows.
    files: list[bytes] = field(default_factory=list)
    shown: list[list[tuple[str | None, str]]] = field(default_factory=list)
    # What the next steps of uploads do before and after they are taken, and answer instead.
    before_upload: list[Exception | Callable[[], None] | None] = field(default_factory=list)
    after_upload: list[Exception | None] = field(default_factory=list)
    answers: list[RemoteMedia] = field(default_factory=list)
    steps: int = 0
    # The keys it was asked with, and which thing each made where it honours them.
    keys: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def accept(self, store: Callable[[], None], key: str) -> None:
        """Do what was planned before, accept, then do what was planned after.

        A network that honours keys accepts each once.
        """
        self.keys.append(key)
        planned = self.before.pop(0) if self.before else None
        if isinstance(planned, Exception):
            raise planned
        if planned:
            planned()
        if not (self.accepts.honours_key and key in self.places):
            store()
            self.places[key] = len(self.places)
        lost = self.after.pop(0) if self.after else None
        if lost:
            raise lost

    def take(self, data: bytes, so_far: RemoteMedia | None) -> RemoteMedia:
        """Take one step of an upload, or do what was planned instead."""
        self.steps += 1
        planned = self.before_upload.pop(0) if self.before_upload else None
        if isinstance(planned, Exception):
            raise planned
        if planned:
            planned()
        if so_far is None:
            self.files.append(data)
        if lost := self.after_upload.pop(0) if self.after_upload else None:
            raise lost
        return self.work_on(so_far.remote_id if so_far else f"m{len(self.files) - 1}")

    def work_on(self, remote_id: str) -> RemoteMedia:
        """Return what was planned, or that an upload is ready."""
        return self.answers.pop(0) if self.answers else RemoteMedia(remote_id=remote_id)

    def place(self, key: str, last: int) -> int:
        """Return which of the things of a network that honours keys has this one."""
        return self.places[key] if self.accepts.honours_key else last


@dataclass(frozen=True, kw_only=True)
class FakeOffer:
    """An account of the fake channel's sandbox."""

    handle: str
    label: str = "Atelier Nord"
    is_test: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=lambda: {"token": "good"})


def person(number: int, **more: object) -> Person:
    """Make a person by number."""
    values: dict = {
        "remote_id": f"r{number}",
        "handle": f"person{number}",
        "name": f"Person {number}",
        "follower_count": number,
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
