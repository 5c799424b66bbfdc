"""The rule of a verdict: it never says more than the interval of the lift."""

from dataclasses import dataclass
from enum import StrEnum

from webapp.experiments.statistics.evidence import ALARM, Coin, lifts, planned


class Verdict(StrEnum):
    """What an experiment says about two arms."""

    RUNNING = "running"
    SHOWN = "shown"
    NO_DIFFERENCE = "no_difference"
    CANNOT_TELL = "cannot_tell"
    # People were lost on the way into one arm, or the plan is not the one that was sealed.
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bet:
    """What was fixed before anybody was seen: shares, expectation, alarm, and what matters."""

    fair: float
    expected: float
    matters: float
    alarm: float = ALARM

    @property
    def coin(self) -> Coin:
        """The coin with its prior."""
        return planned(self.fair, self.expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many of each arm did what counts, and between which lifts the second one lies."""

    first: int
    second: int
    low: float
    high: float
    verdict: Verdict


def found(bet: Bet, first: int, second: int, *, is_over: bool) -> Found:
    """Judge two arms by who did what counts."""
    low, high = lifts(first, second, bet.coin, bet.alarm)
    return Found(
        first=first,
        second=second,
        low=low,
        high=high,
        verdict=_verdict(low, high, bet.matters, is_over=is_over),
    )


def _verdict(low: float, high: float, matters: float, *, is_over: bool) -> Verdict:
    if low > 0 or high < 0:
        return Verdict.SHOWN
    if -matters < low and high < matters:
        return Verdict.NO_DIFFERENCE
    return Verdict.CANNOT_TELL if is_over else Verdict.RUNNING
