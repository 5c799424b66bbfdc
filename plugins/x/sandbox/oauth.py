"""OAuth 1.0a as X demands it: HMAC-SHA1, a fresh time, a nonce never seen before."""

from collections import deque
from datetime import datetime
from hmac import compare_digest
from typing import Any, NamedTuple, Protocol

from oauthlib.oauth1.rfc5849 import signature

from plugins.x.sandbox.answers import unauthorized
from plugins.x.sandbox.seed import CONSUMER_KEY, CONSUMER_SECRET

# X refuses a time more than five minutes from its own.
TOLERANCE_SECONDS = 300
# How long, in the machine's seconds, a request may be under way while the clock is moved.
UNDER_WAY_SECONDS = 10
# Nonces are kept in two generations; the older one is dropped when the younger is full.
NONCES_PER_GENERATION = 100_000
# The types published for these functions are narrower than what they take.
_oauth: Any = signature


class SignedRequest(NamedTuple):
    """A request as it came in; `uri` holds the query as it was sent, byte for byte."""

    http_method: str
    uri: str
    authorization: str


class TokenHolder(Protocol):
    """Whoever an access token belongs to."""

    access_token_secret: str
    revoked: bool


class Gatekeeper:
    """Verifies signed requests; callers hold the sandbox's lock.

    With `remembers_moves`, a request signed just before the shared clock was moved is still
    taken: every process of a demo moves together, but a request may be under way meanwhile.
    """

    def __init__(self, *, remembers_moves: bool) -> None:
        self.remembers_moves = remembers_moves
        self.moments: deque[tuple[float, float]] = deque(maxlen=200)
        self.young: set[tuple[str, str, str]] = set()
        self.old: set[tuple[str, str, str]] = set()

    def read(self, request: SignedRequest) -> dict[str, str]:
        """Return the OAuth parameters of `request`; raise a 401 when they make no sense."""
        values = dict(_parameters(request))
        if values.get("oauth_consumer_key") != CONSUMER_KEY:
            raise unauthorized()
        if values.get("oauth_signature_method") != "HMAC-SHA1":
            raise unauthorized()
        if values.get("oauth_version", "1.0") != "1.0":
            raise unauthorized()
        return values

    def verify(
        self, request: SignedRequest, holder: TokenHolder | None, *, now: datetime, system: datetime
    ) -> None:
        """Raise a 401 unless `holder`'s secret signed `request` just now, for the first time."""
        if holder is None or holder.revoked:
            raise unauthorized()
        params = _parameters(request)
        values = dict(params)
        expected = _signature(request, params, holder.access_token_secret)
        if not compare_digest(expected.encode(), values.get("oauth_signature", "").encode()):
            raise unauthorized()
        self._check_time(values.get("oauth_timestamp", ""), now=now, system=system)
        self._check_nonce(values)

    def _check_time(self, stamp: str, *, now: datetime, system: datetime) -> None:
        moments = [now.timestamp()]
        if self.remembers_moves:
            recent = system.timestamp() - UNDER_WAY_SECONDS
            moments += [moment for at, moment in self.moments if at >= recent]
            moments += [self.moments[-1][1]] if self.moments else []
            self.moments.append((system.timestamp(), now.timestamp()))
        if not stamp.isdecimal():
            raise unauthorized()
        if all(abs(moment - int(stamp)) > TOLERANCE_SECONDS for moment in moments):
            raise unauthorized()

    def _check_nonce(self, values: dict[str, str]) -> None:
        nonce = values.get("oauth_nonce", "")
        key = (values["oauth_token"], values["oauth_timestamp"], nonce)
        if not nonce or key in self.young or key in self.old:
            raise unauthorized()
        self.young.add(key)
        if len(self.young) >= NONCES_PER_GENERATION:
            self.old, self.young = self.young, set()


def _signature(request: SignedRequest, params: list[tuple[str, str]], secret: str) -> str:
    signed = [(name, value) for name, value in params if name != "oauth_signature"]
    base = _oauth.signature_base_string(
        request.http_method,
        _oauth.base_string_uri(request.uri),
        _oauth.normalize_parameters(signed),
    )
    return str(_oauth.sign_hmac_sha1(base, CONSUMER_SECRET, secret))


def _parameters(request: SignedRequest) -> list[tuple[str, str]]:
    query = request.uri.partition("?")[2]
    headers = {"Authorization": request.authorization}
    try:
        return list(
            _oauth.collect_parameters(
                uri_query=query, headers=headers, exclude_oauth_signature=False
            )
        )
    except ValueError as error:
        raise unauthorized() from error
