"""The parts a channel may have; each is a small protocol, and a channel brings what it can do.

Every method may raise `ChannelError`, and nothing else. A method makes one attempt: it neither
sleeps nor retries, and every network call in it has a timeout.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from flask import Blueprint

from channels.context import ChannelContext, ChannelHost
from channels.forms import SettingsForm
from channels.outcomes import Attempt, NotSent, Sent, Unknowable
from channels.outgoing import Content, Outgoing
from channels.values import (
    Account,
    AudiencePage,
    Check,
    Finding,
    InboundPage,
    Limit,
    Measure,
    Person,
    Piece,
    Price,
)


class Connection(Protocol):
    """Connects an account and says what is wrong when it cannot."""

    def settings_form(self) -> type[SettingsForm]:
        """Return the form that asks for what this channel needs to connect an account."""

    def connect(self, context: ChannelContext) -> Account:
        """Return the live account; raise a `sender` error when it may not be used."""

    def diagnose(self, context: ChannelContext) -> Iterable[Check]:
        """Yield each check as it ends; a check after a failed one may be `not_run`."""


class Audience(Protocol):
    """Reads the people of an account, in a thread beside whoever writes them."""

    def read(self, context: ChannelContext, cursor: str | None) -> AudiencePage:
        """Return the page at `cursor`; `None` is the first page."""


class Inbox(Protocol):
    """Reads what people wrote to an account."""

    def read(self, context: ChannelContext, cursor: str | None) -> InboundPage:
        """Return the page at `cursor`, newest messages first; `None` is the first page."""


class Posts(Protocol):
    """Publishes for everybody to see."""

    def measure(self, text: str) -> Measure:
        """Measure `text` by the network's own rule."""

    def check(self, content: Content) -> Iterable[Finding]:
        """Yield what the network would refuse or mind about `content`; nothing when all is well."""

    def publish(self, context: ChannelContext, outgoing: Outgoing) -> Sent:
        """Publish one part."""

    def delete(self, context: ChannelContext, remote_id: str) -> None:
        """Take a post back; one that is gone already is no error."""


class Directs(Protocol):
    """Sends messages to single persons."""

    def measure(self, text: str) -> Measure:
        """Measure `text` by the network's own rule."""

    def check(self, content: Content) -> Iterable[Finding]:
        """Yield what the network would refuse or mind about `content`."""

    def send(self, context: ChannelContext, person: Person, outgoing: Outgoing) -> Sent:
        """Send one message to one person."""


class Texts(Protocol):
    """Knows what the network draws apart in a text; without it the core draws what most do."""

    def pieces(self, text: str) -> Sequence[Piece]:
        """Cut `text` where the network draws links, mentions and tags; none is left out."""


class Reconciliation(Protocol):
    """Settles calls whose outcome is unknown."""

    def find_sent(self, context: ChannelContext, attempt: Attempt) -> Sent | NotSent | Unknowable:
        """Ask the network what became of `attempt`."""


class Limits(Protocol):
    """Declares what the network allows and charges."""

    def limits(self, context: ChannelContext) -> Sequence[Limit]:
        """Return the limits that hold for this service."""

    def prices(self, context: ChannelContext) -> Sequence[Price]:
        """Return the prices of the operations; none where nothing is charged."""

    def variant(self, content: Content) -> str:
        """Return the price variant of `content`, such as one with a link; mostly empty."""


class Sandbox(Protocol):
    """Offers accounts on an offline twin of the network, to try without keys."""

    def services(self, config: Mapping[str, str]) -> Sequence["SandboxService"]:
        """Return the accounts to connect, or nothing when no sandbox runs."""

    def command(self, port: int, clock: str) -> Sequence[str]:
        """Return the command that serves the twin on a port; `clock` is a shared clock's file.

        The core passes the address to the channel as its option `sandbox_url`.
        """


class SandboxService(Protocol):
    """One account of the sandbox, ready to be connected."""

    @property
    def label(self) -> str:
        """How the service is called."""

    @property
    def handle(self) -> str:
        """The account's handle on the twin."""

    @property
    def is_test(self) -> bool:
        """Whether proofs go here."""

    @property
    def settings(self) -> Mapping[str, object]:
        """The service's settings, which lead its calls to the twin."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """The twin's own keys."""


class Pages(Protocol):
    """Brings pages, templates and static files of the channel's own."""

    def blueprint(self, host: ChannelHost) -> Blueprint:
        """Return a blueprint named `channel_<kind>`; it is mounted at `/channels/<kind>`."""
