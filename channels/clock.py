"""The one source of time: the system's, or a file that several processes share."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable


@runtime_checkable
class Clock(Protocol):
    """Tell the time of the business and the time of the machine."""

    def now(self) -> datetime:
        """Return the business time: aware, UTC; tests and the demo may move it."""

    def system(self) -> datetime:
        """Return the machine's time: aware, UTC; leases and heartbeats live by it."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def system(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class FileClock(SystemClock):
    """A clock that every process reading the same file shares, and that can be moved.

    The file holds an offset in seconds and a rate; a missing file means the system's time.
    """

    def __init__(self, path: Path | str) -> None:
        """Read the clock from `path` each time it is asked."""
        self.path = Path(path)

    def now(self) -> datetime:
        """Return the shared business time, aware, in UTC."""
        anchor, start, rate = self._read()
        return datetime.fromtimestamp(start + (time.time() - anchor) * rate, UTC)

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forward for every process and return the new time."""
        return self.set(self.now() + by)

    def set(self, to: datetime, *, rate: float | None = None) -> datetime:
        """Set the clock for every process; `rate` is business seconds per real second."""
        pace = self._read()[2] if rate is None else rate
        content = json.dumps({"anchor": time.time(), "start": to.timestamp(), "rate": pace})
        scratch = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        scratch.write_text(content, encoding="utf-8")
        scratch.replace(self.path)
        return to

    def _read(self) -> tuple[float, float, float]:
        try:
            saved = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return 0.0, 0.0, 1.0
        return float(saved["anchor"]), float(saved["start"]), float(saved["rate"])
