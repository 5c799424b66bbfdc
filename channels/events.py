"""What a network tells by itself: a request to the address of an account, and its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from channels.validation import Value, check_id
from channels.values import InboundMessage, Person


class EventKind(StrEnum):
    """What happened."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    REPLIED = "replied"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRequest(Value):
    """A request as it came in; the names of its headers are in small letters.

    `body` holds the bytes that the network signed. Some networks try an address with a GET first.
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Value):
    """One thing that happened.

    `event_id` is the network's own name of it, the same each time it is told. `message_id` is the
    remote id of the message that arrived or did not, as `Sent` told it. `person` is whom it is
    about, `reply` what a person wrote. A bounce is `lasting` where the address will never take a
    message; `said` holds the network's words about it.
    """

    event_id: str
    kind: EventKind
    at: datetime
    message_id: str = ""
    person: Person | None = None
    reply: InboundMessage | None = None
    lasting: bool = False
    said: str = ""

    def __post_init__(self) -> None:
        """Refuse an event whose id no table could keep, too."""
        Value.__post_init__(self)
        check_id(self.event_id, "Event.event_id")
        if self.message_id:
            check_id(self.message_id, "Event.message_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Value):
    """What a genuine request tells, and the text that the network wants to be answered with."""

    events: tuple[Event, ...] = ()
    answer: str = ""
