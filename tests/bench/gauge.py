"""Gauges of one process: how long it took, how long it waited for the network, its peak memory."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests


@dataclass
class Gauge:
    """What one process measured while it did `count` things."""

    count: int = 0
    seconds: float = 0.0
    waiting: float = 0.0
    working: float = 0.0
    calls: int = 0
    # The longest that it kept others from writing, where that was measured.
    held: float = 0.0

    @contextmanager
    def running(self) -> Iterator["Gauge"]:
        """Measure what happens inside."""
        plain = requests.Session.send

        def send(session: requests.Session, request: Any, **options: Any) -> requests.Response:
            began = time.perf_counter()
            try:
                return plain(session, request, **options)
            finally:
                self.waiting += time.perf_counter() - began
                self.calls += 1

        requests.Session.send = send
        began, used = time.perf_counter(), time.process_time()
        try:
            yield self
        finally:
            self.seconds += time.perf_counter() - began
            self.working += time.process_time() - used
            requests.Session.send = plain


def peak() -> int:
    """Return the most memory this process ever held, in bytes.

    The kernel's own mark for this program is read where there is one: the figure of `getrusage`
    begins with the memory of whoever started the process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        marks = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(marks["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
