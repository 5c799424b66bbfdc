"""The one door to X: tweepy, with a session that always has a timeout and never sleeps.

Tweepy names its hosts literally, has no timeout, and waits inside calls if it is asked to. So its
session is ours: it goes to the configured host before the request is signed, signs with the
business time, reports the limits X states, and turns every failure into a `ChannelError`.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy

from channels import ChannelContext, ChannelError, ObservedLimit, Operation, Scope, http
from plugins.x import connections, errors

HOSTS = ("https://api.twitter.com", "https://api.x.com")
TIMEOUT = (5.0, 30.0)
SCOPES = {
    "x-rate-limit": Scope.ACCOUNT,
    "x-user-limit-24hour": Scope.ACCOUNT,
    "x-app-limit-24hour": Scope.APP,
}
# What the token of a sign-in is kept as.
BEARER = "oauth2_access_token"
# A limit of more digits is none.
LONGEST_COUNT = 9

# In detail these write the signed header of each call, which holds keys, into the log.
for noisy in ("oauthlib", "requests_oauthlib", "tweepy"):
    logging.getLogger(noisy).setLevel(logging.INFO)


@lru_cache(maxsize=8)
def _surroundings(base: str) -> Mapping[str, Any]:
    """Return what the environment says of a host, such as its proxy; it is the process's own."""
    found: Mapping[str, Any] = requests.Session().merge_environment_settings(
        base, {}, stream=False, verify=None, cert=None
    )
    return found


class XSession(requests.Session):
    """A session of one call: rewrites the host, signs with our time, observes, translates."""

    def __init__(self, context: ChannelContext, base: str, operation: Operation) -> None:
        """Serve one service; `base` is the host that speaks X's API."""
        super().__init__()
        self.context = context
        self.base = base.rstrip("/")
        self.operation = operation
        self.last: requests.Response | None = None

    def request(self, method: str, url: str, **options: Any) -> requests.Response:  # type: ignore[override]  # tweepy passes all of it by name
        """Make one request; raise `ChannelError` for anything but a success."""
        if not self.base:
            raise errors.no_sandbox()
        writes = method != "GET"
        target = self._target(str(url))
        kept = connections.writing if writes else connections.reading
        self.mount(self.base, kept(self.base))
        # A redirection is not followed: it would take the signed text to another host.
        options |= {"timeout": TIMEOUT, "allow_redirects": False}
        self._date(options.get("auth"))
        try:
            answer = super().request(method, target, **options)
        except requests.RequestException as fault:
            raise self._unanswered(fault, writes=writes) from fault
        self.last = answer
        self._observe(answer.headers)
        if answer.status_code not in http.SUCCESS:
            raise errors.of_answer(answer, self.context.now(), writes=writes)
        return answer

    def merge_environment_settings(self, *_given: Any) -> dict[str, Any]:  # type: ignore[override]  # requests passes all of it by place
        """Return the same as requests does, without looking through the environment each time."""
        return dict(_surroundings(self.base))

    def _unanswered(self, fault: Exception, *, writes: bool) -> ChannelError:
        """Return what a call without an answer means; of several, an earlier one did arrive."""
        made = errors.of_network(fault, writes=writes)
        made.never_sent &= self.last is None
        return made

    def _target(self, url: str) -> str:
        for host in HOSTS:
            if url.startswith(f"{host}/"):
                return self.base + url.removeprefix(host)
        return url

    def _date(self, auth: Any) -> None:
        """Sign with the business time, so that a moved clock moves every process alike."""
        client = getattr(auth, "client", None)
        if client is not None:
            client.timestamp = str(int(self.context.now().timestamp()))

    def _observe(self, headers: Mapping[str, str]) -> None:
        if self.operation == Operation.FIND:
            return  # Two endpoints serve it, so their headers say nothing about our window.
        for prefix, seconds in errors.WINDOWS.items():
            cap, remaining = (
                headers.get(f"{prefix}-{name}", "") for name in ("limit", "remaining")
            )
            resets_at = errors.reset_of(headers, prefix, self.context.now())
            if resets_at and _is_count(cap) and _is_count(remaining):
                self.context.observe(
                    ObservedLimit(
                        operation=self.operation,
                        scope=SCOPES[prefix],
                        seconds=seconds,
                        cap=int(cap),
                        remaining=int(remaining),
                        resets_at=resets_at,
                    )
                )


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_COUNT


class XClient:
    """X's API as this plugin uses it, for one service and one kind of operation."""

    def __init__(self, context: ChannelContext, operation: Operation, *, bearer: str = "") -> None:
        """Take the keys from the context: the token of a sign-in where it has one, or the four.

        `bearer` is the token of somebody who just signed in.
        """
        self.session = XSession(context, base_of(context), operation)
        self.bearer = bearer or context.secret(BEARER)
        self.api = tweepy.Client(
            bearer_token=self.bearer or None,
            consumer_key=context.secret("consumer_key"),
            consumer_secret=context.secret("consumer_secret"),
            access_token=context.secret("access_token"),
            access_token_secret=context.secret("access_token_secret"),
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        self.api.session = self.session

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """Read `path` below `/2` as the account itself."""
        return self._plain(self._request("GET", path, params=params))

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Write to `path` below `/2` as the account itself."""
        return self._plain(self._request("POST", path, json=body))

    def tell(self, path: str, body: Mapping[str, Any]) -> None:
        """Write to `path` below `/2` where X may answer without a word."""
        self._request("POST", path, json=body)

    def delete(self, path: str) -> dict[str, Any]:
        """Delete `path` below `/2` as the account itself."""
        return self._plain(self._request("DELETE", path))

    def _request(self, method: str, path: str, **options: Any) -> requests.Response:
        signs = not self.bearer
        answer: requests.Response = self.api.request(
            method, f"/2{path}", user_auth=signs, **options
        )
        return answer

    def _plain(self, answer: requests.Response) -> dict[str, Any]:
        with understood(writes=answer.request.method != "GET"):
            found = answer.json()
            if not isinstance(found, dict):
                raise TypeError("This is no object.")
        return found

    @property
    def access_level(self) -> str:
        """What the token may do, as X's last answer stated it."""
        return str(self.session.last.headers.get("x-access-level", "")) if self.session.last else ""

    @property
    def date(self) -> datetime | None:
        """X's own time in its last answer."""
        return errors.date_of(self.session.last)


@contextmanager
def understood(*, writes: bool) -> Iterator[None]:
    """Name what an answer lacks of what X documents; nothing is guessed."""
    try:
        yield
    except http.UNCLEAR as fault:
        raise errors.of_network(fault, writes=writes) from fault


def base_of(context: ChannelContext) -> str:
    """Return the host to speak to: a service of the sandbox speaks to the sandbox."""
    if context.settings.get("sandbox"):
        return context.config.get("sandbox_url", "")
    return context.config.get("api_url", HOSTS[1])


def keys_accepted(context: ChannelContext) -> bool | None:
    """Ask X for an app-only token, which needs the two consumer keys alone; `None` is unknown."""
    base = base_of(context).rstrip("/")
    try:
        answer = requests.post(
            f"{base}/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(sent(context.secret("consumer_key")), sent(context.secret("consumer_secret"))),
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException:
        return None
    refused = (requests.codes.unauthorized, requests.codes.forbidden)
    if answer.status_code in refused:
        return False
    return True if answer.status_code in http.SUCCESS else None


def sent(key: str) -> str:
    """Return a key whose bytes any header takes: one copied with “quotes” is wrong, no failure."""
    return key.encode().decode("latin-1")


def host_of(context: ChannelContext) -> str:
    """Return the name of the host that is spoken to, for sentences."""
    return urlsplit(base_of(context)).hostname or base_of(context)
