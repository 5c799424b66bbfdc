"""A context of the real plugin for one account of the sandbox."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from channels import ObservedLimit
from plugins.x.sandbox.seed import credentials
from tests.plugins.x.sandbox.running import IDS, RunningSandbox


@dataclass
class Lent:
    """What the plugin may know of a service; tests change its keys, name and clock."""

    sandbox: RunningSandbox
    handle: str = "ateliernord"
    remote_id: str | None = IDS["ateliernord"]
    settings: dict = field(default_factory=lambda: {"sandbox": True})
    state: dict = field(default_factory=dict)
    secrets: dict = field(default_factory=lambda: credentials("ateliernord"))
    observed: list[ObservedLimit] = field(default_factory=list)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("lent"))
    url: str = ""
    ahead: float = 0.0

    @property
    def config(self) -> dict[str, str]:
        return {"sandbox_url": (self.url or self.sandbox.url).strip()}

    def secret(self, name: str) -> str:
        return self.secrets.get(name, "")

    def now(self) -> datetime:
        moment = self.sandbox.clock.now().timestamp() + self.ahead
        return datetime.fromtimestamp(moment, self.sandbox.clock.now().tzinfo)

    def remember(self, key: str, value: str, *, secret: bool = False) -> None:
        self.state[key] = value

    def swap(self, key: str, old: str, new: str, *, secret: bool = False) -> bool:
        fits = self.state.get(key, "") == old
        self.state |= {key: new} if fits else {}
        return fits

    def observe(self, limit: ObservedLimit) -> None:
        self.observed.append(limit)
