"""Short links beside an empty view: what is counted, and what is said of it."""

import pytest

from tests.bench import redirects, verdict
from tests.bench.redirects import Followed


def followed(*, answers: int = 5_000, rows: int = 5_000, ratio: float = 0.9) -> Followed:
    """What came of links that were followed."""
    return Followed(answers=answers, rows=rows, ours=[ratio * 100], empty=[100])


@pytest.mark.slow
def test_no_click_is_lost_when_the_server_is_killed_after_its_answer():
    found = redirects.trial(10)

    assert found.rows == found.answers == redirects.WARMING + 10 * redirects.ROUNDS
    assert found.ratio > 0


def test_clicks_that_were_lost_are_told():
    (said,) = verdict.led_on(followed(answers=20, rows=19, ratio=0.1))

    assert said == "20 links were answered, and 19 clicks are rows."


def test_answers_that_take_too_long_are_told_of_enough_of_them():
    (said,) = verdict.led_on(followed(ratio=0.69))

    assert said.startswith("Short links are answered at 0.69 of the rate")
    assert list(verdict.led_on(followed())) == []
