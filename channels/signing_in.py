"""What passes between the core and a network while a person signs in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from channels.validation import Value
from channels.values import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRequest(Value):
    """One sign-in: the core makes it and keeps it until the person comes back, or does not.

    `state` comes back unchanged, `verifier` is PKCE's secret and `challenge` its SHA-256 (S256).
    `scopes` are what the person is asked to allow, in the network's own words.
    """

    redirect_uri: str
    state: str = field(repr=False)
    challenge: str
    verifier: str = field(repr=False)
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted(Value):
    """What a person allowed: tokens by name, and the scopes the network says they are good for.

    Where an account is connected by it, the core keeps the tokens and `state` as it keeps those of
    a `Session`: calls read them by `context.secret` and `context.state`.
    """

    secrets: Mapping[str, str] = field(repr=False)
    scopes: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    state: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedProfile(Value):
    """Who signed in, and what they share besides, such as `email`, by the network's names."""

    person: Person
    shared: Mapping[str, str] = field(default_factory=dict)
