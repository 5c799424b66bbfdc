"""The units of systemd as files, and a process that is stopped and started as one of them says."""

import os
import signal
from configparser import ConfigParser
from contextlib import suppress
from pathlib import Path

from tests.processes.plant import Process

FOLDER = Path(__file__).parents[2] / "docs" / "systemd"
SERVICES = tuple(sorted(path.name for path in FOLDER.glob("*.service")))


class Unit(ConfigParser):
    """A unit; a key that stands there several times keeps its last value."""

    def __init__(self, name: str) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",))
        self.optionxform = str
        self.read_string((FOLDER / name).read_text(encoding="utf-8"))


def words(unit: Unit) -> list[str]:
    """What Fanfare's own command is told by a unit, such as `worker`."""
    program, *rest = unit["Service"]["ExecStart"].split()
    assert program.endswith("/fanfare")
    return rest


def stop(process: Process, kill_mode: str) -> None:
    """Stop a process as systemd does: who gets the signal to end depends on the unit."""
    children = process.children
    first = [process.process.pid] if kill_mode == "mixed" else [process.process.pid, *children]
    for pid in first:
        os.kill(pid, signal.SIGTERM)
    process.process.wait(60)
    # What is left of the group when its first process has ended gets no second chance.
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
