"""Means of many small groups, each drawn towards the mean of all as far as chance explains it.

Of a hundred hours with a post or two each, the best one was mostly lucky. How much of what differs
is more than luck is asked of all groups together; each then keeps that part of its own distance.
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import Generic, TypeVar

from webapp.experiments.statistics.shares import SURE

Key = TypeVar("Key", bound=Hashable)
# The correction for guessing how much differs needs more groups than this.
FEWEST_GROUPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk(Generic[Key]):
    """The mean of a group as it is likely to be, of so many values, and where it lies."""

    key: Key
    number: int
    value: float
    low: float
    high: float


def shrunk(groups: Mapping[Key, Sequence[float]], sure: float = SURE) -> list[Shrunk[Key]]:
    """Return each group's mean drawn towards that of all; nothing where there is too little.

    Morris's empirical Bayes: the interval counts in that spread and mean of the groups are guesses.
    """
    own = {key: values for key, values in groups.items() if values}
    number, count = sum(map(len, own.values())), len(own)
    if count < FEWEST_GROUPS or number <= count:
        return []
    means = {key: fmean(values) for key, values in own.items()}
    within = sum((value - means[key]) ** 2 for key, values in own.items() for value in values)
    within /= number - count
    middle = fmean(value for values in own.values() for value in values)
    between = _between(own, means, middle, within)
    guess = _spread_of_middle(own, within, between)
    times, found = _quantile((1 + sure) / 2, number - count), []
    for key, values in own.items():
        noise = within / len(values)
        luck = (count - 3) / (count - 1) * noise / (noise + between) if noise else 0.0
        away = means[key] - middle
        spread = noise * (1 - (count - 1) / count * luck)
        spread += luck**2 * (2 / (count - 3) * away**2 + guess)
        value, half = middle + (1 - luck) * away, times * math.sqrt(spread)
        made = Shrunk(key=key, number=len(values), value=value, low=value - half, high=value + half)
        found.append(made)
    return sorted(found, key=lambda item: -item.value)


def _between(
    groups: Mapping[Key, Sequence[float]], means: Mapping[Key, float], middle: float, within: float
) -> float:
    """Return the variance between groups that the one within them does not explain."""
    sizes = [len(values) for values in groups.values()]
    number = sum(sizes)
    apart = sum(len(values) * (means[key] - middle) ** 2 for key, values in groups.items())
    fair = number - sum(size * size for size in sizes) / number
    return max((apart - (len(sizes) - 1) * within) / fair, 0.0)


def _spread_of_middle(
    groups: Mapping[Key, Sequence[float]], within: float, between: float
) -> float:
    """Return the variance of the mean of all values, which is a guess as well."""
    sizes = [len(values) for values in groups.values()]
    number = sum(sizes)
    return within / number + between * sum(size * size for size in sizes) / number**2


def _quantile(chance: float, freedom: int) -> float:
    """Return Student's quantile by the first step of its expansion from the normal one."""
    z = NormalDist().inv_cdf(chance)
    return z + (z**3 + z) / (4 * freedom)
