"""What so many people can show equals the textbook, and holds when it is played through."""

import math

import numpy as np
import pytest
from scipy import stats

from webapp.experiments.statistics import evidence, power


def fleiss(share: float, other: float) -> int:
    """Return the size of an arm by the formula of the textbooks, with the quantiles of scipy."""
    middle = (share + other) / 2
    none = stats.norm.isf(0.025) * math.sqrt(2 * middle * (1 - middle))
    some = stats.norm.isf(0.2) * math.sqrt(share * (1 - share) + other * (1 - other))
    return math.ceil((none + some) ** 2 / (other - share) ** 2)


def test_two_per_cent_against_three_needs_3826_people_an_arm():
    assert power.people_at_one_look(0.02, 0.03) == 3_826


@pytest.mark.parametrize(("share", "other"), [(0.02, 0.03), (0.18, 0.25), (0.5, 0.4), (0.9, 0.95)])
def test_the_size_for_one_look_is_that_of_the_textbooks(share, other):
    assert power.people_at_one_look(share, other) == fleiss(share, other)


def test_who_may_look_on_any_day_needs_more_people():
    assert power.people_at_any_time(0.02, 0.03) > 3_826


@pytest.mark.parametrize(
    ("share", "other", "sides"),
    [
        (0.02, 0.03, power.EVEN),
        (0.18, 0.25, power.EVEN),
        (0.02, 0.03, power.Sides(0.1, 0.9)),
        (0.03, 0.02, power.Sides(0.2, 0.3)),
    ],
)
def test_so_many_people_show_the_difference_four_times_of_five(share, other, sides):
    people = power.people_at_any_time(share, other, sides=sides)
    both = round(people * sides.first), round(people * sides.second)
    coin = evidence.planned(sides.fair, both[0] * share + both[1] * other)

    dice = np.random.default_rng(5)
    runs = dice.binomial(both, (share, other), (4_000, 2)).tolist()

    shown = [evidence.against(sides.fair, *run, coin) >= math.log(20) for run in runs]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.03)


def test_the_smallest_difference_is_the_one_for_which_there_are_enough_people():
    found = power.smallest_at_any_time(5_000, 0.02)

    needs = power.people_at_any_time
    assert needs(0.02, found) <= 5_000 < needs(0.02, found - 1e-4)


def test_too_few_people_show_nothing():
    assert power.smallest_at_any_time(3, 0.02) is None
    assert power.smallest_at_any_time(1_000, 0.0) is None
    assert power.people_at_any_time(0.02, 0.02) == power.MOST_PEOPLE
