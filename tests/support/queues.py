"""A queue that needs no broker."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from rq.job import validate_job_id

from webapp.kernel.processes.presence import Sign
from webapp.kernel.processes.queue import QueueHealth


class InlineQueue:
    """A queue that remembers what it was given; tests look at it or run it themselves."""

    def __init__(self, run: Callable[..., Any] | None = None) -> None:
        """Call `run(job, *arguments)` for each job at once, if given."""
        self.signs: list[Sign] | None = []
        self.jobs: list[tuple[str, tuple[int | str, ...]]] = []
        self._names: list[str] = []
        self._run = run

    def waiting(self) -> Collection[str]:
        """Return the names of the jobs that nobody took out of `jobs`."""
        return self._names[-len(self.jobs) :] if self.jobs and not self._run else ()

    def enqueue(self, job: str, *arguments: int | str, name: str = "") -> bool:
        """Remember the job, and run it if there is a runner; refuse a name that RQ refuses."""
        validate_job_id(name or "job")
        self.jobs.append((job, arguments))
        self._names.append(name)
        if self._run:
            self._run(job, *arguments)
        return True

    def health(self) -> QueueHealth:
        """Report one living worker."""
        return QueueHealth(broker=True, workers=1, seen_at=datetime.now(UTC))

    def tell(self, sign: Sign) -> None:
        """Remember a sign of life."""
        self.signs = [*(self.signs or []), sign]

    def told(self) -> Sequence[Sign] | None:
        """Return what was told."""
        return self.signs
