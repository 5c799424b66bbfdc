"""The values that cross the border between the core and a channel; all are immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from channels.operations import Operation
from channels.validation import LARGEST, LONGEST_ID, Value


class Scope(StrEnum):
    """Who shares a limit: one account, or every account of one app."""

    ACCOUNT = "account"
    APP = "app"


class Level(StrEnum):
    """How grave a finding is: an error forbids sending, a warning must be accepted."""

    PASSED = "passed"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemotePost(Value):
    """A post as it stands on the network."""

    remote_id: str
    text: str
    posted_at: datetime
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Value):
    """The live account behind a service; `None` means the network did not say."""

    remote_id: str
    handle: str
    name: str
    followers: int | None = None
    following: int | None = None
    post_count: int | None = None
    protected: bool | None = None
    avatar_url: str | None = None
    description: str = ""
    permissions: str = ""
    lacks: Mapping[Operation, str] = field(default_factory=dict)
    posts: tuple[RemotePost, ...] = ()


class CheckState(StrEnum):
    """The outcome of one check of the doctor."""

    PASSED = "passed"
    WARNING = "warning"
    ERROR = "error"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Value):
    """One check of a connection: what was looked at, what was found, how to mend it."""

    code: str
    label: str
    state: CheckState
    detail: str = ""
    fix: str = ""
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Value):
    """Somebody known from the network; `follower_count` counts the person's own followers."""

    remote_id: str
    handle: str
    name: str
    follower_count: int | None = None
    verified: bool | None = None
    protected: bool | None = None
    accepts_messages: bool | None = None
    avatar_url: str | None = None

    def __post_init__(self) -> None:
        """Check each field.

        A page holds a thousand people: what nearly all of them are is seen at one glance.
        """
        if not (
            type(self.remote_id) is str
            and 0 < len(self.remote_id) <= LONGEST_ID
            and self.remote_id.isprintable()
            and type(self.handle) is str
            and type(self.name) is str
            and (self.follower_count is None or type(self.follower_count) is int)
            and (self.follower_count is None or -LARGEST <= self.follower_count <= LARGEST)
            and (self.verified is None or type(self.verified) is bool)
            and (self.protected is None or type(self.protected) is bool)
            and (self.accepts_messages is None or type(self.accepts_messages) is bool)
            and (self.avatar_url is None or type(self.avatar_url) is str)
        ):
            Value.__post_init__(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedLimit(Value):
    """A limit as the network itself just stated it; it corrects what Fanfare counted."""

    operation: Operation
    scope: Scope
    seconds: int
    cap: int
    remaining: int
    resets_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AudiencePage(Value):
    """One page of an account's people; a `next_cursor` of `None` ends the list."""

    people: tuple[Person, ...]
    next_cursor: str | None


class Wish(StrEnum):
    """What a person's words to an account ask for.

    `DOUBT` is said of words that look like a refusal: the person is held until an operator decides.
    """

    STOP = "stop"
    DOUBT = "doubt"
    OPT_IN = "opt_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage(Value):
    """A message a person wrote to the account."""

    remote_id: str
    person: Person
    text: str
    received_at: datetime
    wish: Wish | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundPage(Value):
    """One page of what people wrote, newest first; a `next_cursor` of `None` ends the list.

    `besides` tells when the rest of the page was written, such as the account's own messages. It
    is read and charged like the others, and shows how far back the page goes.
    """

    messages: tuple[InboundMessage, ...]
    next_cursor: str | None
    besides: tuple[datetime, ...] = ()

    @classmethod
    def received(
        cls, rows: Iterable[InboundMessage], own: str | None, next_cursor: str | None
    ) -> "InboundPage":
        """Return the page of these rows; what `own`, the account, wrote stands in `besides`."""
        listed = tuple(rows)
        return cls(
            messages=tuple(item for item in listed if item.person.remote_id != own),
            next_cursor=next_cursor,
            besides=tuple(item.received_at for item in listed if item.person.remote_id == own),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Value):
    """The length of a text by the network's own rule, and the most it takes.

    `unit` is the word for what is counted, where it is not characters, such as *bytes*.
    """

    length: int
    limit: int
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece(Value):
    """A stretch of a text; `kind` is `text`, `link`, `mention` or `tag`.

    `address` is where a link leads, with its scheme; `short` is a link as the network shows it.
    """

    kind: str
    text: str
    address: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Value):
    """What a control rule found: a stable code, a level, a sentence, the step that mends it."""

    code: str
    level: Level
    message: str
    step: str = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Value):
    """A limit the network declares: `cap` calls per `seconds`, shared as `scope` says.

    `shared_key` names the app for limits of scope `APP`; it must not reveal a secret. A network
    that counts points has several operations share a limit: `points` tells what a call of each
    takes from `cap`, and `operation` is what the limit is called, such as *Writes*.
    """

    operation: Operation
    scope: Scope
    seconds: int
    cap: int
    shared_key: str = ""
    points: Mapping[Operation, int] = field(default_factory=dict)

    def takes(self, operation: Operation) -> int:
        """Return how much one call of an operation takes from it; nothing of others."""
        return self.points.get(operation, 0) if self.points else int(operation == self.operation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Value):
    """What one call (or one returned thing) of an operation costs, in the channel's currency.

    `variant` tells dearer forms of one operation apart, such as a post with a link. With
    `once_a_day` a thing that is returned again on the same day, in UTC, costs nothing more.
    """

    operation: Operation
    amount: Decimal
    label: str
    variant: str = ""
    once_a_day: bool = False
