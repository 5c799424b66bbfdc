"""A sandbox in a process of its own, and clients that sign by its clock."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from requests_oauthlib import OAuth1

from channels.clock import FileClock
from plugins.x.sandbox.seed import ACCOUNTS, credentials

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IDS = {account.username: str(account.id) for account in ACCOUNTS}
SECONDS = 20


class Signer(requests.auth.AuthBase):
    """Signs each request with the time of a clock."""

    def __init__(self, clock: FileClock, keys: dict[str, str], **fixed: str) -> None:
        self.clock = clock
        self.keys = tuple(keys.values())
        self.fixed = fixed

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        stamp = {"timestamp": str(int(self.clock.now().timestamp()))}
        return OAuth1(*self.keys, **{**stamp, **self.fixed})(request)


class Caller(requests.Session):
    """Calls the sandbox's API as one account."""

    def __init__(self, url: str, signer: Signer) -> None:
        super().__init__()
        self.url = url
        self.auth = signer

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(method, self.url + url, *args, **{"timeout": SECONDS, **kwargs})

    def publish(self, text: str, **body: Any) -> requests.Response:
        return self.post("/2/tweets", json={"text": text, **body})

    def write_to(self, person: str, text: str = "Hello", **kwargs: Any) -> requests.Response:
        path = f"/2/dm_conversations/with/{person}/messages"
        return self.post(path, json={"text": text}, **kwargs)

    def pages(self, path: str, **params: Any) -> Iterator[dict[str, Any]]:
        """Read every page of a listing."""
        token: dict[str, str] = {}
        while True:
            page = self.get(path, params={**params, **token}).json()
            yield page
            if "next_token" not in page["meta"]:
                return
            token = {"pagination_token": page["meta"]["next_token"]}


class RunningSandbox:
    """A sandbox process: where it answers, its clock, and its admin."""

    def __init__(self, url: str, clock: FileClock) -> None:
        self.url = url
        self.clock = clock

    def caller(self, handle: str = "ateliernord", **fixed: str) -> Caller:
        """Return a client of one of the seeded accounts."""
        return Caller(self.url, Signer(self.clock, credentials(handle), **fixed))

    def tell(self, path: str, **order: Any) -> dict[str, Any]:
        """Give an order to the admin address and return its answer."""
        answer = requests.post(f"{self.url}/sandbox/{path}", json=order, timeout=SECONDS)
        assert answer.ok, answer.text
        return dict(answer.json())

    def ask(self, path: str, **params: Any) -> dict[str, Any]:
        """Return what the admin address says."""
        answer = requests.get(f"{self.url}/sandbox/{path}", params=params, timeout=SECONDS)
        assert answer.ok, answer.text
        return dict(answer.json())

    def someone(self, kind: str) -> str:
        """Return the id of a follower of a kind."""
        return str(self.ask("people", kind=kind, limit=1)["people"][0]["id"])

    def accepted(self, kind: str, **filters: str) -> int:
        """Count what the sandbox's own record holds."""
        return int(self.ask("record", kind=kind, **filters)["count"])

    def advance(self, **by: float) -> None:
        """Move the clock."""
        self.tell("clock", advance=timedelta(**by).total_seconds())

    def restart(self) -> None:
        """Forget everything and stand still at noon."""
        self.clock.set(NOON, rate=0)
        self.tell("reset")


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[RunningSandbox]:
    """Start a sandbox on a free port, its clock standing still at noon."""
    clock = FileClock(folder / "sandbox-clock.json")
    clock.set(NOON, rate=0)
    command = [sys.executable, "-m", "plugins.x.sandbox", "--port", "0", "--clock", str(clock.path)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        try:
            yield RunningSandbox(said.split()[-1], clock)
        finally:
            process.terminate()
