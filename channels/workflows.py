"""A workflow that a plugin brings: the core schedules it, shows it, and runs it step by step."""

from collections.abc import Callable
from dataclasses import dataclass

from channels.context import ChannelContext
from channels.validation import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult(Value):
    """What one step did for one service; a `next_cursor` of `None` ends that service's turn.

    `done` counts what was dealt with, `note` is a sentence for the journal of the run.
    """

    next_cursor: str | None = None
    done: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelWorkflow(Value):
    """A technical job of a channel, shown on the workflows page and stopped at first.

    `job` is a slug, unique within the plugin's channel `kind`; `schedule` a cron expression of
    five parts, every 15 minutes at most. `step` is called for each connected service, with the
    cursor its last step returned or `None`; it makes one call to the network at most, and may
    raise `ChannelError`. `needed_for` is a sentence about what an account misses without it:
    where it stands, the workflow is offered to be started once an account is connected.
    """

    job: str
    kind: str
    name: str
    schedule: str
    step: Callable[[ChannelContext, str | None], StepResult]
    needed_for: str = ""
