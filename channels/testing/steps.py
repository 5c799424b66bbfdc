"""The workflows that stand beside a channel, as calls of the suite."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from inspect import getattr_static
from types import ModuleType
from typing import Any

from channels import inspection
from channels.channel import Channel
from channels.context import ChannelContext
from channels.testing.calls import Call
from channels.workflows import ChannelWorkflow

HOOK = "register_workflows"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowCall(Call):
    """The first step of a workflow as a call."""

    workflow: ChannelWorkflow


def steps(workflows: Sequence[ChannelWorkflow]) -> list[WorkflowCall]:
    """Return each workflow as a call, named as its script is."""
    return [
        WorkflowCall(
            name=f"workflow {item.job}",
            part="connection",
            make=_first_step(item),
            workflow=item,
        )
        for item in workflows
    ]


def _first_step(workflow: ChannelWorkflow) -> Callable[[Any, ChannelContext, str], Any]:
    return lambda _channel, context, _text: workflow.step(context, None)


def brought_with(channel: Channel) -> list[ChannelWorkflow]:
    """Return what the plugin of a channel registers for it.

    The plugin is the module of the channel, or a package around it, that has the hook.
    """
    hooks = (hook for module in _around(channel) for hook in _hooks(module))
    hook = next(hooks, None)
    return [item for item in hook() if item.kind == channel.kind] if hook else []


def _around(channel: Channel) -> Iterator[ModuleType]:
    names = type(channel).__module__.split(".")
    for length in range(len(names), 0, -1):
        module = sys.modules.get(".".join(names[:length]))
        if module is not None:
            yield module


def _hooks(module: ModuleType) -> Iterator[Callable[[], Iterable[ChannelWorkflow]]]:
    """Yield the hooks of a module that is a plugin, or that holds an object which is one."""
    for name, item in vars(module).items():
        if inspection.is_marked(item) and (inspection.specname(item) or name) == HOOK:
            yield item
        # Looked for without asking: a stand-in for what a request brings answers with an error.
        known = not isinstance(item, type | ModuleType) and getattr_static(item, HOOK, None)
        if known and inspection.is_marked(known):
            yield getattr(item, HOOK)
