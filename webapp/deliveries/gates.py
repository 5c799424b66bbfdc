"""Plays a sending through limits that open and close, however many messages or years it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAY = 86_400
# What ends no sooner ends never, for whoever reads a calendar.
FARTHEST = datetime(9000, 1, 1, tzinfo=UTC)

State = tuple[tuple[int, timedelta | None], ...]


@dataclass(slots=True)
class Gate:
    """A limit while the sending is played: what it allows, what is used, when it is full again."""

    label: str
    cap: int
    seconds: int
    used: int = 0
    opens_at: datetime | None = None
    holder: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Which limit it is: accounts that share it have it twice."""
        return self.holder, self.seconds

    def free(self, at: datetime) -> int:
        """Return how many it allows at a moment; a lapsed window is full again."""
        if self.opens_at is not None and at >= self.opens_at:
            self.used, self.opens_at = 0, None
        return max(0, self.cap - self.used)

    def take(self, number: int, at: datetime) -> None:
        """Use some; the window begins with its first use."""
        self.used += number
        if self.opens_at is None:
            self.opens_at = at + timedelta(seconds=self.seconds)

    def state(self, at: datetime) -> tuple[int, timedelta | None]:
        """Return all that decides what it allows from a moment on."""
        self.free(at)
        return self.used, self.opens_at - at if self.opens_at else None


def play(limits: Sequence[Gate], count: int, start: datetime) -> datetime:
    """Return when the last of `count` messages goes out; each gate remembers what was used.

    Once all gates stand as they stood before, the sending repeats itself: whole turns of that are
    reckoned instead of played, so that millions of messages take no longer than some days of them.
    """
    at, left = start, count
    stood: dict[State, tuple[datetime, int]] = {}
    while True:
        left -= _let_out(limits, left, at)
        if left <= 0:
            return at
        at = _next_opening(limits, at)
        then, had = stood.setdefault(tuple(gate.state(at) for gate in limits), (at, left))
        if then < at:
            turns = _whole_turns(FARTHEST - at, at - then, left, had - left)
            left -= turns * (had - left)
            at = _later(limits, at, turns * (at - then))
        if at >= FARTHEST:
            return FARTHEST


def _whole_turns(most: timedelta, span: timedelta, left: int, number: int) -> int:
    """Return how often `number` go out over `span` before the last turn, or before all time ends.

    A turn in which nothing goes out is repeated for ever.
    """
    forever = -(-most // span)
    return min((left - 1) // number, forever) if number else forever


def _later(limits: Sequence[Gate], at: datetime, span: timedelta) -> datetime:
    """Move the windows that are open along with the moment."""
    for gate in limits:
        gate.opens_at = gate.opens_at + span if gate.opens_at else None
    return at + span


def _let_out(limits: Sequence[Gate], left: int, at: datetime) -> int:
    """Send what every gate allows at a moment, and return how many that is."""
    taken = min([left, *(gate.free(at) for gate in limits)])
    for gate in limits:
        gate.take(taken, at) if taken else None
    return taken


def _next_opening(limits: Sequence[Gate], at: datetime) -> datetime:
    """Return when every spent gate is open again."""
    spent = [gate.opens_at for gate in limits if gate.free(at) == 0 and gate.opens_at]
    return max(spent, default=at + timedelta(seconds=DAY))
