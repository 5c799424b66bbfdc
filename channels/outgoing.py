"""What goes out: its parts, what belongs to them, and the key that names it for good."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
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
    """A picture or film; `open` returns its bytes from the beginning, `alt` says what it shows.

    `remote_id` is the id that its upload left, where the channel has the part `media`. `key` is the
    SHA-256 of its bytes, which names it for good. `animated`
    says that a picture moves; `width` and `height` are in pixels, 0 where nobody knows them.
    """

    mime: str
    size: int
    alt: str
    open: Callable[[], BinaryIO] = field(compare=False)
    remote_id: str | None = None
    key: str = ""
    animated: bool = False
    width: int = 0
    height: int = 0


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
    `most_parts` bounds a thread, `most_media` the pictures and films of one part, `most_bytes` the
    size of each, `longest_subject` the signs of a subject; `None` is no bound. `mimes` are the
    types it takes, such as `image/png` or `image/*`; none named is any.
    """

    features: frozenset[Feature] = frozenset()
    honours_key: bool = False
    most_parts: int | None = None
    most_media: int | None = None
    most_bytes: int | None = None
    longest_subject: int | None = None
    mimes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Keep features and types as they are now, whatever collection they were given in."""
        object.__setattr__(self, "features", frozenset(self.features))
        object.__setattr__(self, "mimes", frozenset(self.mimes))
        Value.__post_init__(self)

    def refusal(self, content: Content) -> str:
        """Return the sentence about what a content has and the network does not take."""
        strange = sorted(content.features - self.features)
        return _lacks(strange[0]) if strange else next(self._beyond(content), "")

    def _beyond(self, content: Content) -> Iterator[str]:
        """Yield a sentence for each thing of which there is too much."""
        if _more(len(content.parts), self.most_parts):
            yield _("A thread has at most %(n)s parts here. Leave some out.", n=self.most_parts)
        if _more(len(content.subject), self.longest_subject):
            yield _("A subject has at most %(n)s signs here. Cut it.", n=self.longest_subject)
        for part in content.parts:
            if _more(len(part.media), self.most_media):
                yield _(
                    "A part has at most %(n)s pictures or films here. Leave some out.",
                    n=self.most_media,
                )
            for item in part.media:
                yield from self._unfit(item)

    def _unfit(self, media: Media) -> Iterator[str]:
        if self.mimes and not any(fnmatchcase(media.mime, kind) for kind in self.mimes):
            yield _("This network does not take files of the type %(mime)s.", mime=media.mime)
        if _more(media.size, self.most_bytes):
            yield _(
                "A picture or film has at most %(n)s bytes here. Make it smaller.",
                n=self.most_bytes,
            )


def _more(number: int, most: int | None) -> bool:
    return most is not None and number > most


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
