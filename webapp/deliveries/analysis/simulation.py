"""Plays a sending through limits that open and close, however many messages or years it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from webapp.kernel.text.notices import Notice

HOUR = 3_600
DAY = 86_400
WEEK = timedelta(days=7)
# Changes of summer time further ahead than this are left out: nobody knows them either.
FORESEEN = timedelta(days=3_660)
# What ends no sooner ends never, for whoever reads a calendar.
FARTHEST = datetime(9000, 1, 1, tzinfo=UTC)

State = tuple[tuple[int, timedelta | None], ...]


@dataclass(slots=True)
class SimulatedWindow:
    """A limit while the sending is played: what it allows, what is used, when it is full again.

    A window lasts `seconds` from its first use. Where the windows follow a calendar instead,
    `ends` returns when the one that holds at a moment is over, whether anything of it is used or
    not. A message takes `each` of what it counts: a thread is as many calls as it has parts, and
    begins only where all of them fit. For whoever looks at a delivery it names its account, and
    whether it alone would take longest.
    """

    label: Notice
    cap: int
    seconds: int
    used: int = 0
    opens_at: datetime | None = None
    holder: str = ""
    ends: Callable[[datetime], datetime] | None = None
    account: str = ""
    binds: bool = False
    each: int = 1

    @property
    def key(self) -> tuple[str, int]:
        """Which limit it is: accounts that share it have it twice."""
        return self.holder, self.seconds

    @property
    def an_hour(self) -> int:
        """How many messages an hour has room for; a longer window may let all out in one."""
        return self.cap // self.each * max(1, HOUR // self.seconds)

    def free(self, at: datetime) -> int:
        """Return how many messages it allows at a moment; a lapsed window is full again."""
        if self.opens_at is not None and at >= self.opens_at:
            self.used, self.opens_at = 0, None
        if self.opens_at is None and self.ends is not None:
            self.opens_at = self.ends(at)
        return max(0, self.cap - self.used) // self.each

    def take(self, number: int, at: datetime) -> None:
        """Let messages through; a window without a calendar begins with its first use."""
        self.used += number * self.each
        if self.opens_at is None:
            self.opens_at = at + timedelta(seconds=self.seconds)

    def state(self, at: datetime) -> tuple[int, timedelta | None]:
        """Return all that decides what it allows from a moment on."""
        self.free(at)
        return self.used, self.opens_at - at if self.opens_at else None

    def repeats(self, at: datetime, after: timedelta) -> bool:
        """Tell whether its windows lie `after` a moment as they do at it: no day was longer."""
        return self.ends is None or self.ends(at + after) - self.ends(at) == after


def simulate(limits: Sequence[SimulatedWindow], count: int, start: datetime) -> datetime:
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
        state = tuple(gate.state(at) for gate in limits)
        then, had = stood.get(state, (at, left))
        if then < at:
            if had == left:
                return FARTHEST
            wanted = _whole_turns(FARTHEST - at, at - then, left, had - left)
            turns = _alike(limits, at, at - then, wanted, until=start + FORESEEN)
            if turns:
                left -= turns * (had - left)
                at = _later(limits, at, turns * (at - then))
                stood.clear()
        if at >= FARTHEST:
            return FARTHEST
        stood[state] = at, left


def _whole_turns(most: timedelta, span: timedelta, left: int, number: int) -> int:
    """Return how often `number` go out over `span` before the last turn, or all time, ends."""
    return min((left - 1) // number, -(-most // span))


def _alike(
    limits: Sequence[SimulatedWindow],
    at: datetime,
    span: timedelta,
    wanted: int,
    *,
    until: datetime,
) -> int:
    """Return how many of the `wanted` turns are alike: a change of summer time ends them.

    It is looked for once a week, since no zone changes back within one, and up to `until`.
    """
    calendars = [gate for gate in limits if gate.ends is not None]
    turns, step = 0, max(1, WEEK // span)
    while calendars and turns < wanted and at + turns * span < until:
        after = min(turns + step, wanted)
        if not all(gate.repeats(at, after * span) for gate in calendars):
            return turns
        turns = after
    return wanted


def _later(limits: Sequence[SimulatedWindow], at: datetime, span: timedelta) -> datetime:
    """Move the windows that are open along with the moment."""
    for gate in limits:
        gate.opens_at = gate.opens_at + span if gate.opens_at else None
    return at + span


def _let_out(limits: Sequence[SimulatedWindow], left: int, at: datetime) -> int:
    """Send what every gate allows at a moment, and return how many that is."""
    taken = min([left, *(gate.free(at) for gate in limits)])
    for gate in limits:
        gate.take(taken, at) if taken else None
    return taken


def _next_opening(limits: Sequence[SimulatedWindow], at: datetime) -> datetime:
    """Return when every spent gate is open again."""
    spent = [gate.opens_at for gate in limits if gate.free(at) == 0 and gate.opens_at]
    return max(spent, default=at + timedelta(seconds=DAY))
