"""The memory that every process of `./run` takes together while nothing is to do.

Shared pages are counted once: the kernel charges each process its part of them (PSS). It is held
against another commit, which runs from a folder of its own.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.another import HERE, Checkout
from tests.support.servers import held_port

PATIENCE = 180
# What the first ticks and heartbeats bring in is in after this many seconds.
SETTLED = 6.0
OWN = ("FANFARE_", "DATABASE_URL", "REDIS_URL")
KILO = 1024


@dataclass(frozen=True, kw_only=True)
class Idle:
    """What an idle instance takes, in bytes, and how many processes it has."""

    commit: str
    processes: int
    memory: int


def compared(before: Checkout | None) -> list[Idle]:
    """Measure this version, and beside it the other commit where there is one."""
    found = [HERE, before] if before else [HERE]
    return [Idle(commit=each.commit, **_measured(each)) for each in found]


def ratio(found: list[Idle]) -> float | None:
    """Return the share of the other commit's memory that this one takes; nothing without one."""
    return found[0].memory / found[1].memory if len(found) > 1 else None


def _measured(version: Checkout) -> dict[str, int]:
    with TemporaryDirectory(prefix="fanfare-bench-") as var, running(version, Path(var)) as pid:
        time.sleep(SETTLED)
        sizes = [_share(each) for each in family(pid)]
    return {"processes": len(sizes), "memory": sum(sizes)}


@contextmanager
def running(version: Checkout, var: Path) -> Iterator[int]:
    """Run all processes of the version in a folder; lend the number of the first of them."""
    with held_port() as port:
        plain = {name: text for name, text in os.environ.items() if not name.startswith(OWN)}
        told = plain | {"FANFARE_VAR": str(var), "FANFARE_PORT": str(port)}
        with subprocess.Popen(
            [version.python, "-m", "webapp"],
            cwd=version.root,
            env=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            try:
                _wait_for(process)
                yield process.pid
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE)


def _wait_for(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    for said in process.stdout:
        if said.startswith("Fanfare is running"):
            return
    raise RuntimeError("The instance did not start.")


def family(pid: int) -> list[int]:
    """Return a process and everything that it and its children started."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [pid, *(found for child in listed for found in family(int(child)))]


def _share(pid: int) -> int:
    """Return a process's own memory and its part of what it shares."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Pss:\s+(\d+) kB$", told, re.MULTILINE)
    return int(found.group(1)) * KILO if found else 0
