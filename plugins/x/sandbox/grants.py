"""What people allowed the sandbox's app: codes, pairs of tokens, and how they end.

A refresh token is taken once. One that comes again ends the whole grant, as a careful server does,
so that whoever sends one twice is found out.
"""

import base64
import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest

CODE_LASTS = timedelta(seconds=30)
ACCESS_LASTS = timedelta(hours=2)
REFRESH_LASTS = timedelta(days=182)
SCOPES = (
    "tweet.read", "tweet.write", "users.read", "users.email", "follows.read", "follows.write",
    "dm.read", "dm.write", "media.write", "like.read", "like.write", "offline.access",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Grant:
    """What one person allowed, and the pair of tokens that it is worth now."""

    profile: int
    scopes: frozenset[str]
    traded: bool = False
    ended: bool = False
    refresh: str = ""
    refresh_ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code on its way back to the app; it is worth something once."""

    profile: int
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str
    method: str
    ends: datetime


@dataclass(slots=True)
class Grants:
    """Every code and token; callers hold the sandbox's lock."""

    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)
    refresh: dict[str, Grant] = field(default_factory=dict)
    # How often each refresh token came, and how many requests of an account were under way at most.
    came: Counter[str] = field(default_factory=Counter)
    busy: Counter[int] = field(default_factory=Counter)
    most_at_once: int = 0

    def allow(self, code: Code) -> str:
        """Keep what somebody allowed and return the code for it."""
        made = secrets.token_urlsafe(24)
        self.codes[made] = code
        return made

    def redeem(self, code: str, redirect_uri: str, verifier: str, now: datetime) -> Grant | None:
        """Return the grant of a code, which is used up even where the proof is wrong."""
        found = self.codes.pop(code, None)
        if found is None or now >= found.ends or found.redirect_uri != redirect_uri:
            return None
        if not proves(verifier, found.challenge, found.method):
            return None
        return Grant(profile=found.profile, scopes=found.scopes)

    def renew(self, token: str, now: datetime) -> Grant | None:
        """Return the grant of a refresh token; one that comes again ends its grant."""
        grant = self.refresh.get(token)
        if grant is None or grant.ended:
            return None
        if grant.refresh != token:
            grant.ended = True
            return None
        return grant if grant.refresh_ends and now < grant.refresh_ends else None

    def trade(self, profile: int, scopes: Iterable[str]) -> Grant:
        """Return a new grant in the name of older keys; the pair of the trade before ends."""
        for grant in [*self.refresh.values()]:
            grant.ended |= grant.traded and grant.profile == profile
        return Grant(profile=profile, scopes=frozenset(scopes), traded=True)

    def pair(self, grant: Grant, now: datetime) -> dict[str, object]:
        """Return a new pair as X answers it, in the place of the one before."""
        access = secrets.token_urlsafe(32)
        self.access[access] = (grant, now + ACCESS_LASTS)
        told: dict[str, object] = {
            "token_type": "bearer",
            "expires_in": int(ACCESS_LASTS.total_seconds()),
            "access_token": access,
            "scope": " ".join(sorted(grant.scopes)),
        }
        if "offline.access" in grant.scopes:
            grant.refresh, grant.refresh_ends = secrets.token_urlsafe(32), now + REFRESH_LASTS
            self.refresh[grant.refresh] = grant
            told["refresh_token"] = grant.refresh
        return told

    def holder(self, token: str, now: datetime) -> Grant | None:
        """Return whose access token this is, while it lasts."""
        grant, ends = self.access.get(token, (None, now))
        return grant if grant and not grant.ended and now < ends else None

    def end(self, profile: int) -> None:
        """Take back all that somebody allowed."""
        for grant, _ends in self.access.values():
            grant.ended |= grant.profile == profile

    def revoke(self, token: str) -> None:
        """End the grant of a token."""
        found = self.refresh.get(token) or self.access.get(token, (None, None))[0]
        if found is not None:
            found.ended = True


def proves(verifier: str, challenge: str, method: str) -> bool:
    """Tell whether whoever brings a code is who asked for it (RFC 7636)."""
    made = verifier
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return bool(verifier) and compare_digest(made.encode(), challenge.encode())
