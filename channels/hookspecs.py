"""Every hook a plugin may implement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from channels.channel import Channel
from channels.hooks import hookspec
from channels.outgoing import Content
from channels.validation import Value
from channels.values import Finding
from channels.workflows import ChannelWorkflow


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDraft(Value):
    """A delivery as a control rule may see it; `kind` is `post` or `direct`."""

    delivery_id: int
    kind: str
    channel: str
    label: str
    content: Content
    eligible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent(Value):
    """Something that happened to a delivery: `name` is its new state, or `proof`."""

    delivery_id: int
    kind: str
    channel: str
    label: str
    name: str


@hookspec
def register_channels() -> Sequence[Channel]:  # type: ignore[empty-body]  # a specification has no body
    """Return the channels this plugin offers.

    Called once in each process while it starts; an exception, or a channel that breaks the
    contract, keeps the whole plugin out.
    """


@hookspec
def check_delivery(draft: DeliveryDraft) -> Iterable[Finding]:  # type: ignore[empty-body]  # as above
    """Return what this plugin finds in a delivery that is being analysed.

    Called once in each analysis, of every channel's deliveries. An exception is shown as a
    warning of the analysis; it stops nothing.
    """


@hookspec
def register_workflows() -> Sequence[ChannelWorkflow]:  # type: ignore[empty-body]  # as above
    """Return workflows for channels of this plugin; the core schedules and runs them.

    Called once in each process while it starts. An exception, or a workflow that cannot be
    scheduled, leaves the plugin without workflows and is shown on the plugins page.
    """


@hookspec
def register_commands() -> Sequence[click.Command]:  # type: ignore[empty-body]  # as above
    """Return commands that join the command line; each name may be taken once.

    Called when somebody types a word the core does not know, or lists the plugins. An exception,
    or a name that is taken, leaves the command out and is shown by `plugin list`.
    """


@hookspec
def on_delivery_event(event: DeliveryEvent) -> None:
    """Hear that a delivery changed; called after the change was committed.

    An exception is logged and shown on the plugins page; it silences no other plugin.
    """
