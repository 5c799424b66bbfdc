"""Who looks every day is fooled no more often than once in twenty; the lift is where it says."""

import math

import numpy as np
import pytest
from scipy import stats

from webapp.experiments.statistics import evidence
from webapp.experiments.statistics.evidence import Coin, against, chances, lift, planned

RUNS, DAYS, PEOPLE = 10_000, 14, 100
TWENTY = math.log(20)


def days(share: float, other: float, weights: tuple[float, float] = (1, 1)) -> np.ndarray:
    """Return for each run and day how many of each arm did what counts until then."""
    dice = np.random.default_rng(7)
    people = [round(2 * PEOPLE * weight / sum(weights)) for weight in weights]
    size = (RUNS, DAYS)
    found = [dice.binomial(n, p, size) for n, p in zip(people, (share, other), strict=True)]
    return np.stack(found, axis=2).cumsum(axis=1)


def missed(told: np.ndarray, chance: float, coin: Coin) -> float:
    """Return in which part of the runs the true chance was ruled out on some day."""
    runs = told.tolist()
    return np.mean([any(against(chance, *day, coin) >= TWENTY for day in run) for run in runs])


@pytest.mark.parametrize("share", [0.02, 0.18])
def test_of_ten_thousand_experiments_without_a_difference_hardly_any_shows_one(share):
    coin = planned(0.5, 2 * share * PEOPLE * DAYS)

    assert missed(days(share, share), 0.5, coin) <= 0.05


def test_the_lift_lies_where_it_is_said_to_be_on_every_day():
    fair = 0.25
    chance = fair * 0.05 / (fair * 0.05 + (1 - fair) * 0.03)

    told = days(0.03, 0.05, (3, 1))

    assert missed(told, chance, planned(fair, 90)) <= 0.05
    assert lift(chance, fair) == pytest.approx(0.05 / 0.03 - 1)


def test_the_evidence_is_that_of_a_beta_binomial_against_a_binomial():
    coin = Coin(fair=0.4, firm=20.0)
    mixed = stats.betabinom(50, 8, 12).logpmf(30)

    found = against(0.45, 20, 30, coin)

    assert found == pytest.approx(mixed - stats.binom(50, 0.45).logpmf(30))


def test_the_interval_ends_where_the_evidence_is_twenty_to_one():
    coin = planned(0.5, 100)

    low, high = chances(40, 60, coin)

    assert low < 0.6 < high
    assert against(low, 40, 60, coin) == pytest.approx(TWENTY)
    assert against(high, 40, 60, coin) == pytest.approx(TWENTY)


def test_before_anybody_did_anything_every_lift_is_possible():
    assert evidence.lifts(0, 0, planned(0.5, 100)) == (-1.0, math.inf)
    assert evidence.lifts(0, 30, planned(0.5, 100))[1] == math.inf
    assert evidence.lifts(30, 0, planned(0.5, 100))[0] == -1.0
