"""Every hook a plugin may implement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from channels.channel import Channel
from channels.markers import hookspec
from channels.values import Content, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDraft:
    """A delivery as a control rule may see it; `kind` is `post` or `direct`."""

    delivery_id: int
    kind: str
    channel: str
    label: str
    content: Content
    eligible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent:
    """Something that happened to a delivery: `name` is its new state, or `proof`."""

    delivery_id: int
    kind: str
    channel: str
    label: str
    name: str


@hookspec
def register_channels() -> Sequence[Channel]:  # type: ignore[empty-body]  # a specification has no body
    """Return the channels this plugin offers.

    Called once while the application starts; an exception keeps the plugin out.
    """


@hookspec
def register_control_rules(draft: DeliveryDraft) -> Iterable[Finding]:  # type: ignore[empty-body]  # as above
    """Return what this plugin finds in a delivery that is being analysed.

    An error of the plugin is shown as a warning of the analysis; it stops nothing.
    """


@hookspec
def register_commands() -> Sequence[click.Command]:  # type: ignore[empty-body]  # as above
    """Return commands that join the command line."""


@hookspec
def on_delivery_event(event: DeliveryEvent) -> None:
    """Hear that a delivery changed; called after the change was committed.

    An error of one plugin is logged and silences no other.
    """
