"""What difference so many people can show, before anything is sent."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from webapp.experiments.statistics.evidence import ALARM, against, planned

# How often a difference that is there should be shown.
POWER = 0.8
# No network has more people, so whatever needs more is not to be shown at all.
MOST_PEOPLE = 10**10
# Halvings of a stretch of shares, or of people.
STEPS = 20


@dataclass(frozen=True, slots=True)
class Sides:
    """How many people the two sides have for each that is counted: one each, or parts of all."""

    first: float = 1.0
    second: float = 1.0

    @property
    def fair(self) -> float:
        """The part of the second side."""
        return self.second / (self.first + self.second)


EVEN = Sides()


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
    share: float,
    other: float,
    alarm: float = ALARM,
    power: float = POWER,
    sides: Sides = EVEN,
) -> int:
    """Return how many people it takes if the verdict may be looked at any day, as Fanfare's may.

    As many in each arm; where sides are parts of an experiment, as many in all of it.
    """
    if share == other:
        return MOST_PEOPLE
    least, most = 1, 2
    while most < MOST_PEOPLE and chance_of_showing(most, share, other, alarm, sides) < power:
        least, most = most, most * 2
    while least + 1 < most:
        middle = (least + most) // 2
        if chance_of_showing(middle, share, other, alarm, sides) < power:
            least = middle
        else:
            most = middle
    return min(most, MOST_PEOPLE)


def chance_of_showing(
    people: float, share: float, other: float, alarm: float = ALARM, sides: Sides = EVEN
) -> float:
    """Return about how likely so many people show a difference at the planned end."""
    few, many, fair = people * sides.first * share, people * sides.second * other, sides.fair
    if other < share:
        few, many, fair = many, few, 1 - fair
    hits = few + many
    chance = many / hits
    needed = _needed(hits, fair, alarm)
    if needed is None:
        return 0.0
    spread = math.sqrt(hits * chance * (1 - chance)) or 1.0
    return NormalDist().cdf((many - needed) / spread)


def smallest_at_any_time(
    people: float, share: float, alarm: float = ALARM, sides: Sides = EVEN
) -> float | None:
    """Return the next larger share that so many people tell apart on any day."""
    if people <= 0 or not 0 < share < 1:
        return None

    def shows(other: float) -> bool:
        return chance_of_showing(people, share, other, alarm, sides) >= POWER

    if not shows(1 - 1e-9):
        return None
    hidden, shown = share, 1 - 1e-9
    for _halving in range(STEPS):
        middle = (hidden + shown) / 2
        if shows(middle):
            shown = middle
        else:
            hidden = middle
    return shown


def _needed(hits: float, fair: float, alarm: float) -> float | None:
    """Return how many of so many hits the side with more must have; none if all are too few."""
    coin, bound = planned(fair, hits), math.log(1 / alarm)
    if against(fair, 0, hits, coin) < bound:
        return None
    few, enough = hits * fair, hits
    for _halving in range(STEPS):
        middle = (few + enough) / 2
        if against(fair, hits - middle, middle, coin) < bound:
            few = middle
        else:
            enough = middle
    return enough
