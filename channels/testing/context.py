"""A context and a host without a core, for tests of a channel."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from channels.context import ChannelContext
from channels.validation import check
from channels.values import ObservedLimit

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(kw_only=True)
class FakeContext:
    """Implements `channels.ChannelContext`; tests fill it in and look at what was left in it."""

    handle: str = "ateliernord"
    remote_id: str | None = "1001"
    settings: Mapping[str, object] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    time: datetime = NOON
    state: dict[str, str] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict, repr=False)
    observed: list[ObservedLimit] = field(default_factory=list)

    @property
    def log(self) -> logging.Logger:
        """A logger that names the service."""
        return logging.getLogger(f"fanfare.service.{self.handle}")

    def secret(self, name: str) -> str:
        """Return one secret; an empty string where none was given."""
        return self.sealed.get(name) or self.secrets.get(name, "")

    def now(self) -> datetime:
        """Return the time of the test, which stands still."""
        return self.time

    def remember(self, key: str, value: str, *, secret: bool = False) -> None:
        """Keep a text in `state`, or in `sealed`."""
        (self.sealed if secret else self.state)[key] = value

    def swap(self, key: str, old: str, new: str, *, secret: bool = False) -> bool:
        """Change a value where it is `old` still; tell whether it was."""
        if old != (self.secret(key) if secret else self.state.get(key, "")):
            return False
        self.remember(key, new, secret=secret)
        return True

    def observe(self, limit: ObservedLimit) -> None:
        """Keep a limit in `observed`; anything else is refused as the core refuses it."""
        check(limit, ObservedLimit, "What was observed")
        self.observed.append(limit)


@dataclass(kw_only=True)
class FakeHost:
    """Implements `channels.ChannelHost` around one context."""

    lent: FakeContext = field(default_factory=FakeContext)

    def context(self, service_id: int) -> ChannelContext:
        """Lend the context of service 1; raises `LookupError` for others."""
        if service_id != 1:
            raise LookupError(service_id)
        return self.lent

    def service_url(self, service_id: int) -> str:
        """Return the address of a service's page."""
        return f"/services/{service_id}"

    def config(self) -> Mapping[str, str]:
        """Return the channel's options."""
        return self.lent.config
