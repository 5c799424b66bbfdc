"""What difference so many people can show, before anything is sent."""

import math
from collections.abc import Callable
from statistics import NormalDist

from webapp.experiments.statistics.evidence import ALARM, against, planned

# How often a difference that is there should be shown.
POWER = 0.8
# No network has more people, so whatever needs more is not to be shown at all.
MOST_PEOPLE = 10**10
# Halvings of a stretch of shares.
STEPS = 40


def people_at_one_look(
    share: float, other: float, alarm: float = ALARM, power: float = POWER
) -> int:
    """Return how many people an arm needs to tell two shares apart by one look at the end.

    The normal approximation with the common share under no difference and each share's own under
    the difference.
    """
    if share == other:
        return MOST_PEOPLE
    middle = (share + other) / 2
    none = math.sqrt(2 * middle * (1 - middle))
    some = math.sqrt(share * (1 - share) + other * (1 - other))
    quantile = NormalDist().inv_cdf
    sure = quantile(1 - alarm / 2) * none + quantile(power) * some
    return min(math.ceil((sure / (share - other)) ** 2), MOST_PEOPLE)


def people_at_any_time(
    share: float, other: float, alarm: float = ALARM, power: float = POWER
) -> int:
    """Return how many an arm needs if the verdict may be looked at on any day, as Fanfare's may."""
    if share == other:
        return MOST_PEOPLE
    least, most = 1, 2
    while most < MOST_PEOPLE and chance_of_showing(most, share, other, alarm) < power:
        least, most = most, most * 2
    while least + 1 < most:
        middle = (least + most) // 2
        if chance_of_showing(middle, share, other, alarm) < power:
            least = middle
        else:
            most = middle
    return min(most, MOST_PEOPLE)


def chance_of_showing(people: int, share: float, other: float, alarm: float = ALARM) -> float:
    """Return about how likely so many people in each arm show a difference at the planned end."""
    hits = people * (share + other)
    chance = max(share, other) / (share + other)
    needed = _needed(hits, alarm)
    if needed is None:
        return 0.0
    spread = math.sqrt(hits * chance * (1 - chance)) or 1.0
    return NormalDist().cdf((hits * chance - needed) / spread)


def smallest_at_any_time(people: int, share: float, alarm: float = ALARM) -> float | None:
    """Return the next larger share that so many people in each arm tell apart on any day."""
    return _smallest(share, lambda other: chance_of_showing(people, share, other, alarm) >= POWER)


def _smallest(share: float, shows: Callable[[float], bool]) -> float | None:
    if not 0 < share < 1 or not shows(1 - 1e-9):
        return None
    hidden, shown = share, 1 - 1e-9
    for _halving in range(STEPS):
        middle = (hidden + shown) / 2
        if shows(middle):
            shown = middle
        else:
            hidden = middle
    return shown


def _needed(hits: float, alarm: float) -> float | None:
    """Return how many of so many hits one arm must have for a verdict; none if all are too few."""
    coin, bound = planned(0.5, hits), math.log(1 / alarm)
    if against(0.5, 0, hits, coin) < bound:
        return None
    few, enough = hits / 2, hits
    for _halving in range(STEPS // 2):
        middle = (few + enough) / 2
        if against(0.5, hits - middle, middle, coin) < bound:
            few = middle
        else:
            enough = middle
    return enough
