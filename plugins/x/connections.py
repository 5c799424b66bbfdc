"""Connections to a host that are kept between calls: making one takes longer than most calls.

None makes a second try of its own: that would also wait for as long as `Retry-After` says.
"""

import time
from functools import lru_cache
from typing import Any

import requests
from requests.adapters import HTTPAdapter

# A server closes a connection that is idle for some seconds. What is written at that very moment is
# lost without an answer, and nobody knows then whether it arrived.
FRESH = 1.0


class Writing(HTTPAdapter):
    """Writes by the connection of the write before, if that was a moment ago, or else by a new one.

    A row of messages goes out by one connection, and none meets a server that just closes it.
    """

    def __init__(self) -> None:
        """Keep one connection at most."""
        super().__init__(pool_connections=1, pool_maxsize=1)
        self._used = 0.0

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]  # requests passes all of it by name
        """Send a request and note when that was."""
        if time.monotonic() - self._used > FRESH:
            self.close()
        try:
            return super().send(request, **options)
        finally:
            self._used = time.monotonic()


@lru_cache(maxsize=8)
def reading(_base: str) -> HTTPAdapter:
    """Return what is read by from a host."""
    return HTTPAdapter(pool_connections=2, pool_maxsize=4)


@lru_cache(maxsize=8)
def writing(_base: str) -> HTTPAdapter:
    """Return what is written by to a host."""
    return Writing()
