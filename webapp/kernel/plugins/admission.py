"""What is known of a plugin, and the rules it must pass before the core takes it in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any, cast

from channels import Channel, ChannelWorkflow, Check, CheckState, inspection
from webapp.kernel.text import naming

# The distribution whose plugins are the project's own.
BUNDLED = "fanfare"


class Refused(Exception):
    """A plugin breaks the contract; the message is the sentence for the plugins page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """A plugin as the plugins page shows it.

    A plugin with a `fault` was left out; `trouble` holds what else of it failed while it works.
    """

    name: str
    distribution: str
    version: str
    kinds: tuple[str, ...] = ()
    fault: str = ""
    trouble: tuple[str, ...] = ()


def info_of(
    name: str, entry: EntryPoint | None, *, kinds: tuple[str, ...] = (), fault: str = ""
) -> PluginInfo:
    """Return what is known of the plugin behind an entry point."""
    source = cast("Any", entry.dist if entry else None)
    return PluginInfo(
        name=name,
        distribution=source.name if source else "",
        version=source.version if source else "",
        kinds=kinds,
        fault=fault,
    )


def is_bundled(entry: EntryPoint) -> bool:
    """Tell whether a plugin comes with Fanfare itself."""
    source = cast("Any", entry.dist)
    return source is not None and source.name == BUNDLED


def sentence(fault: BaseException) -> str:
    """Return what a plugin raised as a sentence; the class helps its author."""
    return str(fault) if isinstance(fault, Refused) else f"{type(fault).__name__}: {fault}"


def refuse_faults(checks: Iterable[Check]) -> None:
    """Raise `Refused` with every check that found something against the contract."""
    faults = [item.detail for item in checks if item.state is CheckState.ERROR]
    if faults:
        raise Refused(" ".join(faults))


def checked_channels(offered: Iterable[Channel], taken: Collection[str]) -> list[Channel]:
    """Return the channels a plugin offers; raise `Refused` when one may not be taken in."""
    found: list[Channel] = []
    for item in offered:
        refuse_faults(inspection.channel_checks(item))
        if item.kind in taken or item.kind in [other.kind for other in found]:
            raise Refused(f"Another plugin brings the channel {item.kind} already.")
        _refuse_taken_kinds(item, found)
        found.append(item)
    return found


def _refuse_taken_kinds(channel: Channel, found: Iterable[Channel]) -> None:
    """Let no two channels bring a kind of message by one name, which rows hold alone."""
    others = [item for item in (*naming.channels(), *found) if item.kind != channel.kind]
    taken = {kind.name: item.kind for item in others for kind in item.message_kinds}
    for kind in channel.message_kinds:
        if kind.name in taken:
            raise Refused(f"{taken[kind.name]} brings the message kind {kind.name} already.")


def checked_workflows(
    offered: Iterable[ChannelWorkflow], kinds: Collection[str]
) -> list[ChannelWorkflow]:
    """Return the workflows a plugin offers; raise `Refused` when one cannot be scheduled."""
    found: list[ChannelWorkflow] = []
    for item in offered:
        refuse_faults(inspection.workflow_checks(item, kinds))
        if (item.job, item.kind) in [(other.job, other.kind) for other in found]:
            raise Refused(f"The workflow {item.job} of {item.kind} is offered twice.")
        found.append(item)
    return found
