"""Child processes that die with their parent and are started again when they end."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from webapp.system.processes.supervisor.forking import Forked, runs_module

PARENT_DEATH_SIGNAL = 1
# What children say is for whoever watches; standard output holds the answer of a command alone.
STDERR = 2
PATIENCE = 8.0
# What waits for a broker or database that is away is back within seconds after it.
LONGEST_PAUSE = 5.0
CALM_AFTER = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A process to keep running, in an environment of its own."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    # Whether it runs code that wants an interpreter of its own, such as a plugin's.
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Nursery:
    """Decides how a child begins: forked with what this process imported, or as a new program.

    Forking ends where this process opens a database: its child would think it held its locks.
    """

    forks: Callable[[], bool]
    # What closes in a child the things that are this process's alone.
    let_go: Callable[[], None]

    def start(self, spec: Spec) -> "subprocess.Popen[bytes] | Forked":
        """Start the process of `spec`."""
        if self.forks() and not spec.fresh and runs_module(spec.command):
            return Forked(spec.name, spec.command, spec.environ, self._become_child)
        return subprocess.Popen(  # noqa: S603 - commands are ours, never an operator's
            list(spec.command),
            env=dict(spec.environ),
            stdin=subprocess.DEVNULL,
            stdout=STDERR,
            start_new_session=True,
            umask=0o077,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads yet
        )

    def _become_child(self) -> None:
        self.let_go()
        if sys.platform == "linux":
            _die_with_parent()


class Child:
    """One running process; it is started anew after a pause that grows with each quick death."""

    def __init__(self, spec: Spec, nursery: Nursery) -> None:
        """Start the process of `spec`."""
        self.spec = spec
        self.deaths = 0
        self.started = 0.0
        self._nursery = nursery
        self.process = self._start()

    def _start(self) -> "subprocess.Popen[bytes] | Forked":
        self.started = time.monotonic()
        return self._nursery.start(self.spec)

    def revive(self) -> bool:
        """Start the process again if it ended and its pause is over; tell whether it was."""
        if self.process.poll() is None:
            if time.monotonic() - self.started > CALM_AFTER:
                self.deaths = 0
            return False
        if time.monotonic() - self.started < min(2.0**self.deaths * 0.5, LONGEST_PAUSE):
            return False
        self.deaths += 1
        self.process = self._start()
        return True

    def ask_to_end(self) -> None:
        """Ask the process to end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """Wait for the end, and end it by force when that takes too long."""
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)
