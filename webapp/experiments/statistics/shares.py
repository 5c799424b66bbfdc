"""How sure one share of people is, and whether arms are as large as their weights say."""

import math
from collections.abc import Sequence
from statistics import NormalDist

SURE = 0.95


def wilson(hits: int, people: int, sure: float = SURE) -> tuple[float, float]:
    """Return between which shares the true one lies, by Wilson's score interval.

    Nothing is known of nobody: then it is every share from none to all.
    """
    if people == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + sure) / 2)
    share, spread = hits / people, z * z / people
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / people + spread / people / 4)
    low = 0.0 if hits == 0 else max(middle - half, 0.0)
    high = 1.0 if hits == people else min(middle + half, 1.0)
    return low, high


def imbalance(people: Sequence[int], weights: Sequence[float]) -> float:
    """Return how likely arms come out as uneven as these, if people are shared out by weight.

    It is the test by chi-square. Hardly likely at all means that people were lost on the way into
    one arm, and that no figure of the experiment can be trusted.
    """
    total, whole = sum(people), sum(weights)
    if total == 0:
        return 1.0
    meant = [total * weight / whole for weight in weights]
    odd = sum((seen - mean) ** 2 / mean for seen, mean in zip(people, meant, strict=True))
    return _beyond(odd, len(people) - 1)


def _beyond(value: float, freedom: int) -> float:
    """Return the probability that chi-square of so many degrees of freedom is at least a value."""
    if freedom <= 0:
        return 1.0
    half = value / 2
    tail = math.erfc(math.sqrt(half)) if freedom % 2 else math.exp(-half)
    for degrees in range(4 - freedom % 2, freedom + 1, 2):
        power = degrees / 2 - 1
        tail += half**power * math.exp(-half) / math.gamma(degrees / 2)
    return min(tail, 1.0)
