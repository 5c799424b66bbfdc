"""The tasks of the core, which domains bring, and the workflows that an instance has for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels import Channel
from webapp.kernel.runtime import Runtime
from webapp.workflows.runs import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreTask:
    """What a workflow does, by the job that its row carries.

    Every instance has a stopped workflow for it, with this `name` and `schedule` (cron). With
    `for_channel` it has one for each channel of which that holds, whose label fills `{channel}` in
    the name. Names are stored and so never translated. `about` says in a line what it does.
    """

    job: str
    step: Task
    name: str
    schedule: str
    about: Any
    for_channel: Callable[[Channel], bool] | None = None


def tasks(runtime: Runtime) -> Mapping[str, CoreTask]:
    """Return the tasks of every domain by their jobs."""
    return runtime.domains.tasks
