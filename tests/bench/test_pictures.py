"""Pictures beside a bare loop of Pillow: what is counted, and what is said of it."""

from tests.bench import pictures, verdict
from tests.bench.pictures import Checked


def test_both_take_as_many_pictures():
    found = pictures.trial(5, (80, 60))

    assert (found.pictures, len(found.ours), len(found.bare)) == (5, 5, 5)
    assert found.ratio > 0
    assert "pictures" in pictures.line(found)


def test_a_library_that_takes_too_long_is_told():
    (said,) = verdict.taken_in(Checked(pictures=1_000, ours=[7.9], bare=[10]))

    assert said == "Pictures are taken at 0.79 of the rate of a bare loop, below 0.8."
    assert list(verdict.taken_in(Checked(pictures=1_000, ours=[8.1], bare=[10]))) == []
