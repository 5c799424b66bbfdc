"""An instance of Fanfare with a channel in it, for the tests of the channel's author."""

import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from channels import discovery
from channels.channel import Channel
from channels.hooks import hookimpl
from channels.testing.steps import brought_with
from channels.workflows import ChannelWorkflow

# What leads to another instance than the one of the test.
LEADS_AWAY = ("DATABASE_URL", "REDIS_URL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command of Fanfare left: its exit code, and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An instance of Fanfare of a test's own, in a folder that goes away with it."""

    folder: Path

    def run(self, *words: str, stdin: str = "") -> Said:
        """Run a command as `fanfare WORD ...` does; only a fault of Fanfare itself is raised."""
        out, err = io.StringIO(), io.StringIO()
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, self._environ(), clear=True))
            stack.enter_context(patch.object(sys, "argv", ["fanfare", *words]))
            stack.enter_context(patch.object(sys, "stdin", io.StringIO(stdin)))
            stack.enter_context(redirect_stdout(out))
            stack.enter_context(redirect_stderr(err))
            code = _ended(_program())
        return Said(code=code, out=out.getvalue(), err=err.getvalue())

    def _environ(self) -> Mapping[str, str]:
        """Return the environment without what would lead to an instance that people use."""
        kept = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith("FANFARE_") and name not in LEADS_AWAY
        }
        return {**kept, "FANFARE_VAR": str(self.folder)}


@contextmanager
def registered(channel: Channel) -> Iterator[Instance]:
    """Register a channel for the time of a test, with its workflows, and take it out after.

    Each instance that starts meanwhile in this process has it, the one that is lent among them. A
    plugin that is installed under the name of its kind stands back.
    """
    with TemporaryDirectory(prefix="fanfare-test-") as folder:
        discovery.lend(channel.kind, _Plugin(channel))
        try:
            yield Instance(folder=Path(folder))
        finally:
            discovery.take_back(channel.kind)


class _Plugin:
    """What an installed plugin of this channel would be."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @hookimpl
    def register_channels(self) -> Sequence[Channel]:
        return [self._channel]

    @hookimpl
    def register_workflows(self) -> Sequence[ChannelWorkflow]:
        return brought_with(self._channel)


def _program() -> Callable[[], object]:
    """Return the command line of Fanfare; this package imports nothing of the core."""
    (script,) = entry_points(group="console_scripts", name="fanfare")
    program: Callable[[], object] = script.load()
    return program


def _ended(program: Callable[[], object]) -> int:
    """Run a program to its end and return its exit code; what it makes of the process is undone."""
    mask = os.umask(0o077)
    try:
        program()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os.umask(mask)
    return 0
