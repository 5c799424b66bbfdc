"""Small groups are drawn towards the mean of all, and their intervals hold what they promise."""

import numpy as np
import pytest
from scipy import stats

from webapp.experiments.statistics.shrinkage import shrunk


def played(between: float, dice: np.random.Generator) -> tuple[dict[int, float], dict[int, list]]:
    truths = dict(enumerate(dice.normal(5, between, 40)))
    sizes = dice.integers(1, 5, 40)
    groups = {
        key: dice.normal(truth, 1, size).tolist()
        for (key, truth), size in zip(truths.items(), sizes, strict=True)
    }
    return truths, groups


@pytest.mark.parametrize("between", [0.0, 0.3, 1.0])
def test_means_lie_in_their_intervals_as_often_as_said_and_nearer_than_unshrunk(between):
    dice = np.random.default_rng(3)
    inside, ours, plain = [], [], []
    for _run in range(100):
        truths, groups = played(between, dice)
        for item in shrunk(groups):
            inside.append(item.low <= truths[item.key] <= item.high)
            ours.append((item.value - truths[item.key]) ** 2)
            plain.append((np.mean(groups[item.key]) - truths[item.key]) ** 2)

    assert np.mean(inside) >= 0.94
    assert np.mean(ours) < np.mean(plain)


def test_the_variance_within_and_between_is_that_of_the_analysis_of_variance():
    dice = np.random.default_rng(4)
    groups = {key: dice.normal(key, 1, 6).tolist() for key in range(5)}
    ratio = stats.f_oneway(*groups.values()).statistic

    best = shrunk(groups)[0]

    # Of groups of one size the luck is what F says, times the correction for so few groups.
    own = np.mean(groups[best.key])
    middle = np.mean(list(groups.values()))
    assert (own - best.value) / (own - middle) == pytest.approx(2 / 4 / ratio)


def test_too_little_says_nothing():
    assert shrunk({"a": [1.0], "b": [2.0], "c": [3.0], "d": [4.0]}) == []
    assert shrunk({"a": [1.0, 2.0], "b": [2.0, 5.0]}) == []
