"""What the core lends to a channel: a context for each call, a host for its pages."""

from collections.abc import Mapping
from datetime import datetime
from logging import Logger
from typing import Protocol

from channels.values import ObservedLimit


class ChannelContext(Protocol):
    """One service, as a channel may see it during one call."""

    @property
    def handle(self) -> str:
        """The account's internal name, without the @."""

    @property
    def remote_id(self) -> str | None:
        """The account's immutable id, once it is connected."""

    @property
    def settings(self) -> Mapping[str, object]:
        """The service's own settings, as its form validated them; no secrets."""

    @property
    def config(self) -> Mapping[str, str]:
        """The channel's declared `FANFARE_<KIND>_*` options with their values."""

    @property
    def state(self) -> Mapping[str, str]:
        """The small memory of the channel about this service, see `remember`."""

    @property
    def log(self) -> Logger:
        """A logger that names the service."""

    def secret(self, name: str) -> str:
        """Return one decrypted secret; an empty string where none was given."""

    def now(self) -> datetime:
        """Return the business time, aware, in UTC.

        While a message goes out it stands still at the beginning of the attempt: a network that
        refuses old signatures then refuses a request that was held up on its way.
        """

    def remember(self, key: str, value: str, *, secret: bool = False) -> None:
        """Keep a text for this service; it is saved when the call ends, and no other key with it.

        One that is `secret` is encrypted and read by `secret`, before a field of that name.
        """

    def swap(self, key: str, old: str, new: str, *, secret: bool = False) -> bool:
        """Change a value at once where it is `old` still; tell whether this call did.

        A key that was never remembered is empty, or the field of that name where it is `secret`.
        Where another worker was faster its value is read from then on: `state` and `secret` give
        it. So a token that a network changes with each use is never lost.
        """

    def observe(self, limit: ObservedLimit) -> None:
        """Report a limit that the network just stated."""


class ChannelHost(Protocol):
    """What a channel's own pages may ask of the core."""

    def context(self, service_id: int) -> ChannelContext:
        """Lend the context of a service of this channel; raises `LookupError` for others."""

    def service_url(self, service_id: int) -> str:
        """Return the address of a service's page."""

    def config(self) -> Mapping[str, str]:
        """Return the channel's `FANFARE_<KIND>_*` options."""
