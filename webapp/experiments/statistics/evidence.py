"""What may be said of two arms at any moment, however often somebody looked before.

Of everybody who did what counts, one asks to which arm they belong. Each of them is of the second
arm with one and the same chance, which is its share of the people unless the arms differ. So it is
one coin, and the evidence against any of its chances is a bet that nobody wins twenty times over
more than once in twenty games, whenever they stop (Ville's inequality).
"""

import math
from dataclasses import dataclass

ALARM = 0.05
# How many times as long as the prior the planned end is: there its bound is narrowest.
AHEAD = 8
LEAST_PRIOR = 2.0
# Halvings of a stretch of chances: more of them change no figure any more.
HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Coin:
    """The chance of the second arm without a difference, and how firmly one begins there.

    `firm` is how many people the prior weighs as much as. It is fixed before anybody was seen.
    """

    fair: float = 0.5
    firm: float = LEAST_PRIOR


def planned(fair: float, hits: float) -> Coin:
    """Return the coin of a plan that expects so many people to do what counts in both arms."""
    return Coin(fair=fair, firm=max(hits / AHEAD, LEAST_PRIOR))


def against(chance: float, first: float, second: float, coin: Coin) -> float:
    """Return the logarithm of the evidence against a chance, after so many people of each arm."""
    if (chance <= 0 and second) or (chance >= 1 and first):
        return math.inf
    up, down = coin.firm * coin.fair, coin.firm * (1 - coin.fair)
    told = second * math.log(chance) if second else 0.0
    told += first * math.log1p(-chance) if first else 0.0
    return _log_beta(up + second, down + first) - _log_beta(up, down) - told


def chances(first: int, second: int, coin: Coin, alarm: float = ALARM) -> tuple[float, float]:
    """Return between which chances the true one lies; over all looks it is missed that seldom."""
    if first + second == 0:
        return 0.0, 1.0
    best, bound = second / (first + second), math.log(1 / alarm)

    def edge(outside: float, inside: float) -> float:
        for _halving in range(HALVINGS):
            middle = (outside + inside) / 2
            if against(middle, first, second, coin) < bound:
                inside = middle
            else:
                outside = middle
        return inside

    return (0.0 if second == 0 else edge(0.0, best)), (1.0 if first == 0 else edge(1.0, best))


def lift(chance: float, fair: float) -> float:
    """Return how much more the second arm brings than the first: 0.5 is half as much again."""
    if chance >= 1:
        return math.inf
    return chance / (1 - chance) * (1 - fair) / fair - 1


def lifts(first: int, second: int, coin: Coin, alarm: float = ALARM) -> tuple[float, float]:
    """Return between which lifts the true one lies; see `chances`."""
    low, high = chances(first, second, coin, alarm)
    return lift(low, coin.fair), lift(high, coin.fair)


def _log_beta(up: float, down: float) -> float:
    return math.lgamma(up) + math.lgamma(down) - math.lgamma(up + down)
