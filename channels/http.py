"""HTTP by the contract's rules: a timeout, no retry, and every fault with its decision.

A channel may use `Network` or bring a client of its own; the functions serve both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import requests

from channels.answers import (
    NOT_FOUND,
    SUCCESS,
    UNCLEAR,
    NetworkError,
    Unexpected,
    body_of,
    is_refusal,
    member_of,
    never_began,
    of_answer,
    of_network,
    retry_after,
    stumbled,
    text_of,
)
from channels.context import ChannelContext
from channels.errors import ChannelError

__all__ = [
    "SUCCESS",
    "TIMEOUT",
    "UNCLEAR",
    "Meaning",
    "Network",
    "NetworkError",
    "Unexpected",
    "body_of",
    "is_refusal",
    "member_of",
    "never_began",
    "of_answer",
    "of_network",
    "retry_after",
    "stumbled",
    "text_of",
]

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 30.0
TIMEOUT: Final = (CONNECT_SECONDS, READ_SECONDS)
READING: Final = ("GET", "HEAD")

Result = TypeVar("Result")
# What a channel makes of an answer that is no success; `None` leaves it to `of_answer`.
Meaning = Callable[[requests.Response], ChannelError | None]


@dataclass(frozen=True, slots=True)
class Network:
    """A network as one context reaches it: its name for sentences, its address, its headers.

    `meaning` reads an answer that is no success before the rules of this module do: on many
    networks a 403 is about one person, or a 400 about the keys.
    """

    name: str
    base: str
    context: ChannelContext
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    meaning: Meaning | None = None

    def call(self, method: str, path: str, into: Callable[[Any], Result], **options: Any) -> Result:
        """Make one request and return what `into` makes of its JSON; `{}` stands for no body.

        `options` are those of `requests.request` without `timeout`. Raises `ChannelError` for
        everything but a success that `into` understands: a write whose answer is lost or strange
        is *unknown*.
        """
        writes = method.upper() not in READING
        given = {"headers": self.headers, "allow_redirects": False, **options}
        try:
            address = self.base.rstrip("/") + path
            answer = requests.request(method, address, timeout=TIMEOUT, **given)
            if answer.status_code in SUCCESS:
                return into(answer.json() if answer.content else {})
        except UNCLEAR as fault:
            raise of_network(fault, network=self.name, writes=writes) from fault
        raise self._own(answer) or of_answer(
            answer, self.context.now(), network=self.name, writes=writes
        )

    def _own(self, answer: requests.Response) -> ChannelError | None:
        """Return what the channel makes of an answer; a body it cannot read leaves that open."""
        try:
            return self.meaning(answer) if self.meaning else None
        except UNCLEAR:
            return None

    def delete(self, path: str) -> None:
        """Delete what stands at `path`; what is gone already is no error."""
        try:
            self.call("DELETE", path, lambda _found: None)
        except ChannelError as fault:
            if fault.code != NOT_FOUND:
                raise
