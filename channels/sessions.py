"""A session: the tokens an account is asked with, and when they end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from channels.validation import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingWords(Value):
    """What people call the older keys and the session, and why an account moves, as sentences."""

    older: str
    newer: str
    title: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Value):
    """The tokens that a refresh brought, by the names under which `context.secret` reads them.

    `state` holds plain texts that belong to them, as `context.state` reads them. `expires_at` is
    when they end; `None` where the network did not say.
    """

    secrets: Mapping[str, str] = field(repr=False)
    state: Mapping[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None
