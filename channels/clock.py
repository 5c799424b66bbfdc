"""The one source of time: the system's, or a file that several processes share."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, runtime_checkable

# What a clock that was never set holds: the system's time.
SYSTEM = {"anchor": 0.0, "start": 0.0, "rate": 1.0}


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


class MovableClock(SystemClock):
    """A clock of business time that can be moved: an offset in seconds and a rate, kept in memory.

    Until it is first set it shows the system's time.
    """

    def __init__(self) -> None:
        """Show the system's time."""
        self._kept = json.dumps(SYSTEM)

    def now(self) -> datetime:
        """Return the business time, aware, in UTC."""
        anchor, start, rate = self._read()
        return datetime.fromtimestamp(start + (time.time() - anchor) * rate, UTC)

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forward and return the new time."""
        return self.set(self.now() + by)

    def set(self, to: datetime, *, rate: float | None = None) -> datetime:
        """Set the clock and return the new time; `rate` is business seconds per real second."""
        pace = self._read()[2] if rate is None else rate
        self._write(json.dumps({"anchor": time.time(), "start": to.timestamp(), "rate": pace}))
        return to

    def _read(self) -> tuple[float, float, float]:
        saved = json.loads(self._load())
        return float(saved["anchor"]), float(saved["start"]), float(saved["rate"])

    def _load(self) -> str:
        return self._kept

    def _write(self, content: str) -> None:
        self._kept = content


class FileClock(MovableClock):
    """A movable clock in a file, shared by every process that reads the same file.

    A missing file means the system's time.
    """

    def __init__(self, path: Path | str) -> None:
        """Read the clock from `path` each time it is asked."""
        super().__init__()
        self.path = Path(path)

    def _load(self) -> str:
        try:
            # Asked many times for each message, and a third of the time of a `Path`.
            with open(self.path, "rb", buffering=0) as file:  # noqa: PTH123
                return file.read().decode()
        except FileNotFoundError:
            return super()._load()

    def _write(self, content: str) -> None:
        scratch = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        scratch.write_text(content, encoding="utf-8")
        scratch.replace(self.path)
