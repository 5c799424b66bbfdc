"""A picture or film as it lies on a network after its upload."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels.validation import Value


class MediaState(StrEnum):
    """Whether a post may name it."""

    UNFINISHED = "unfinished"
    READY = "ready"
    PROCESSING = "processing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteMedia(Value):
    """What an upload left on the network.

    Until `expires_at` a post may name it; `None` is for ever. While it is being processed,
    `ask_at` says when asking makes sense; `said` holds the network's words about one that failed.
    `mark` is the channel's own note of where an unfinished upload stands, given back with it.
    """

    remote_id: str
    state: MediaState = MediaState.READY
    expires_at: datetime | None = None
    ask_at: datetime | None = None
    said: str = ""
    mark: str = ""
