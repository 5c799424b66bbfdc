"""What goes out: its parts, what belongs to them, and the key that names it for good."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from channels.sentences import _
from channels.validation import Value, violation


class Feature(StrEnum):
    """What a content may have besides one text; a channel says which of these it takes."""

    THREAD = "thread"
    REPLY = "reply"
    MEDIA = "media"
    SUBJECT = "subject"
    HTML = "html"
    LINKS = "links"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Value):
    """A picture or film; `open` returns its bytes from the beginning, `alt` says what it shows."""

    mime: str
    size: int
    alt: str
    open: Callable[[], BinaryIO] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Value):
    """One text with its media: a post, a message, or one part of a thread."""

    text: str
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content(Value):
    """What is to be sent, in its parts; a direct message has one.

    `html` says the same as the first part for who reads that. `links` leads from each address in
    the texts to where it ends. `unsubscribe_url` ends the messages to this person.
    """

    parts: tuple[Part, ...]
    subject: str = ""
    html: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    unsubscribe_url: str = ""

    def __post_init__(self) -> None:
        """Refuse a content without any part, too."""
        Value.__post_init__(self)
        if not self.parts:
            raise violation(f"{type(self).__name__}.parts", self.parts, "at least one Part")

    @property
    def text(self) -> str:
        """The text of the first part."""
        return self.parts[0].text

    @property
    def features(self) -> frozenset[Feature]:
        """What it has besides one text."""
        found = {
            Feature.THREAD: len(self.parts) > 1,
            Feature.REPLY: bool(getattr(self, "reply_to", None)),
            Feature.MEDIA: any(part.media for part in self.parts),
            Feature.SUBJECT: bool(self.subject),
            Feature.HTML: bool(self.html),
            Feature.LINKS: bool(self.links),
            Feature.UNSUBSCRIBE: bool(self.unsubscribe_url),
        }
        return frozenset(name for name, has in found.items() if has)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing(Content):
    """What one call sends: one part, and the key of it.

    `key` and `made_at` are stored before the first try and are the same for every try: a network
    takes them as key and time of a record, as Message-ID, transaction id or Idempotency-Key.
    `key` has 32 signs of 0-9 and a-f. `reply_to` is the remote id that a part of a thread
    continues. `kind` is the name of the channel's own `MessageKind`; empty for posts and messages.
    """

    key: str
    made_at: datetime
    reply_to: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepts(Value):
    """What a network takes with one kind of call.

    `honours_key` says that the same key never makes a second thing: where an outcome is unknown
    the core then sends the same again, and the network answers with what came of the first.
    """

    features: frozenset[Feature] = frozenset()
    honours_key: bool = False

    def __post_init__(self) -> None:
        """Keep the features as they are now, whatever collection they were given in."""
        object.__setattr__(self, "features", frozenset(self.features))
        Value.__post_init__(self)

    def refusal(self, content: Content) -> str:
        """Return the sentence about what a content has and the network does not take."""
        strange = sorted(content.features - self.features)
        return _lacks(strange[0]) if strange else ""


def _lacks(feature: Feature) -> str:
    return {
        Feature.THREAD: _("This network takes no threads. Write one part."),
        Feature.REPLY: _("This network takes no answers to a post. Write one part."),
        Feature.MEDIA: _("This network takes no pictures and films here. Leave them out."),
        Feature.SUBJECT: _("Messages of this network have no subject. Leave it out."),
        Feature.HTML: _("This network takes plain text alone. Leave the HTML out."),
        Feature.LINKS: _("This network takes links as they are. Turn the counting of clicks off."),
        Feature.UNSUBSCRIBE: _("This network has no link that ends messages. Leave it out."),
    }[feature]
