"""Shares and sizes of arms equal what scipy reckons."""

import pytest
from scipy import stats

from webapp.experiments.statistics.shares import imbalance, wilson


@pytest.mark.parametrize(("hits", "people"), [(0, 9), (9, 9), (1, 3), (97, 558), (11_000, 500_000)])
def test_the_interval_of_a_share_is_that_of_scipy(hits, people):
    found = stats.binomtest(hits, people).proportion_ci(method="wilson")

    assert wilson(hits, people) == pytest.approx((found.low, found.high), abs=1e-12)


def test_nothing_is_known_of_nobody():
    assert wilson(0, 0) == (0.0, 1.0)
    assert imbalance([0, 0], [1, 1]) == 1.0


@pytest.mark.parametrize(
    ("people", "weights"),
    [([480, 520], [1, 1]), ([40, 61, 11], [45, 45, 10]), ([5, 9, 4, 7], [1, 1, 1, 1])],
)
def test_how_uneven_arms_are_is_the_chi_square_of_scipy(people, weights):
    meant = [sum(people) * weight / sum(weights) for weight in weights]

    assert imbalance(people, weights) == pytest.approx(stats.chisquare(people, meant).pvalue)
