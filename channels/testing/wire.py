"""A wire that reaches no network: it records each request and answers from a script.

It takes the place of urllib3's connections, so it serves `requests` and every library built on
it, below whatever might retry or sleep: a second try is a second request here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.client import RemoteDisconnected
from io import BytesIO
from ssl import SSLCertVerificationError, SSLError
from typing import Any
from urllib.parse import parse_qs, urlsplit

from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.response import HTTPResponse


class Fault(Enum):
    """What may become of a request instead of an answer."""

    REFUSED = "no connection: nothing was sent"
    TIMEOUT_BEFORE_SENDING = "no connection within the time: nothing was sent"
    WRONG_CERTIFICATE = "somebody else answers: nothing was sent"
    CUT_WHILE_SENDING = "the connection was cut while the request left: perhaps accepted"
    TIMEOUT_AFTER_SENDING = "sent, and no answer within the time: perhaps accepted"
    DROPPED = "sent, and the connection was cut: perhaps accepted"
    ENCRYPTION_BROKE = "sent, and the answer cannot be decrypted: perhaps accepted"
    CUT_WITHIN_ANSWER = "sent, and the answer ends in its middle: perhaps accepted"


NEVER_BEGAN = (Fault.REFUSED, Fault.TIMEOUT_BEFORE_SENDING, Fault.WRONG_CERTIFICATE)
LOST = tuple(item for item in Fault if item not in NEVER_BEGAN)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer of the network: JSON, or a text as it is."""

    status: int = 200
    json: Any = None
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Return the bytes of the answer."""
        return self.text.encode() if self.json is None else json.dumps(self.json).encode()


# An answer that is cut in its middle begins like one that is not.
BEGUN = Answer(text='{"data": {"id": "30', headers={"Content-Length": "4096"})


@dataclass(kw_only=True)
class Exchange:
    """One request as it would have left; times are in seconds, `None` means for ever."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    connect_timeout: float | None
    read_timeout: float | None = None
    sent: bool = False

    @property
    def json(self) -> Any:
        """The body as JSON; `None` when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def query(self) -> dict[str, list[str]]:
        """The query of the address."""
        return parse_qs(urlsplit(self.url).query)


class FakeWire:
    """Records what was asked and answers in order, then with `otherwise` where that is set.

    What nobody scripted is kept in `unexpected`, which the contract suite takes as a failure.
    """

    def __init__(self) -> None:
        """Begin with an empty script."""
        self.script: list[Answer | Fault] = []
        self.exchanges: list[Exchange] = []
        self.unexpected: list[str] = []
        self.otherwise: Answer | Fault | None = None

    def expect(self, *entries: Answer | Fault) -> "FakeWire":
        """Add answers and faults to the script."""
        self.script.extend(entries)
        return self

    def restart(self, entries: Iterable[Answer | Fault] = ()) -> None:
        """Forget what was asked and begin another script."""
        self.script, self.exchanges, self.unexpected = list(entries), [], []
        self.otherwise = None

    def install(self, monkeypatch: Any) -> None:
        """Stand in for every connection of urllib3 while the test runs."""
        monkeypatch.setattr(_Connection, "wire", self)
        for pool in (HTTPConnectionPool, HTTPSConnectionPool):
            made = type("WiredConnection", (_Connection,), {"scheme": pool.scheme})
            monkeypatch.setattr(pool, "ConnectionCls", made)
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)

    def next(self, exchange: Exchange) -> Answer | Fault:
        """Take note of a request and return what becomes of it."""
        self.exchanges.append(exchange)
        if self.script:
            return self.script.pop(0)
        if self.otherwise is not None:
            return self.otherwise
        self.unexpected.append(f"{exchange.method} {exchange.url}")
        return Answer(status=501, text="The script of the test holds no answer to this request.")


class _Connection:
    """What urllib3 takes for a connection that stands.

    A client may keep it from test to test, so the wire is the one of the test that runs.
    """

    wire = FakeWire()
    scheme: str
    is_closed = False
    is_connected = True
    is_verified = True
    proxy = None
    proxy_is_verified = None

    def __init__(
        self, host: str, port: int | None = None, timeout: Any = None, **_more: Any
    ) -> None:
        self.host, self.port, self.timeout = host, port, timeout
        self.fate: Answer | Fault = Answer()

    def request(self, method: str, url: str, **options: Any) -> None:
        self.asked = (method, url)
        port = "" if self.port in (None, 80, 443) else f":{self.port}"
        exchange = Exchange(
            method=method,
            url=f"{self.scheme}://{self.host}{port}{url}",
            headers={str(name): _plain(text) for name, text in (options["headers"] or {}).items()},
            body=_bytes(options.get("body")),
            connect_timeout=self.timeout,
        )
        self.fate = self.wire.next(exchange)
        if self.fate is Fault.REFUSED:
            raise NewConnectionError(self, "refused")  # type: ignore[arg-type]  # stands in for one
        if self.fate is Fault.TIMEOUT_BEFORE_SENDING:
            raise ConnectTimeoutError(self, "no connection within the time")
        if self.fate is Fault.WRONG_CERTIFICATE:
            raise SSLCertVerificationError("self-signed certificate")
        if self.fate is Fault.CUT_WHILE_SENDING:
            raise ConnectionResetError("Connection reset by peer")

    def getresponse(self) -> HTTPResponse:
        last = self.wire.exchanges[-1]
        last.sent, last.read_timeout = True, self.timeout
        if self.fate is Fault.TIMEOUT_AFTER_SENDING:
            raise TimeoutError("timed out")
        if self.fate is Fault.ENCRYPTION_BROKE:
            raise SSLError("bad record mac")
        if self.fate is Fault.DROPPED:
            raise RemoteDisconnected("Remote end closed connection without response")
        answer = self.fate if isinstance(self.fate, Answer) else BEGUN
        return HTTPResponse(
            body=BytesIO(answer.body()),
            headers={"Content-Type": "application/json", **answer.headers},
            status=answer.status,
            preload_content=False,
            request_method=self.asked[0],
            request_url=self.asked[1],
        )

    def connect(self) -> None:
        """Nothing has to be opened."""

    def close(self) -> None:
        """Nothing has to be closed."""


def _plain(text: Any) -> str:
    return text.decode("latin-1") if isinstance(text, bytes) else str(text)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else bytes(body)
