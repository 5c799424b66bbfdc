"""The trial of pages asks both of all; how long they take is no business of tests."""

import json

import pytest

from tests.bench import verdict
from tests.bench.command import printed
from tests.bench.pages import trial
from tests.bench.pages.trial import Asked

PROMISED = (
    "home",
    "home, polled",
    "service",
    "visitors",
    "visitors, a name",
    "three conditions",
    "contains",
    "last page",
    "card",
    "composer, everyone",
    "autosave, everyone",
    "finished",
    "finished, log",
    "finished, search",
    "finished, exclusions",
)


def asked(few: float, many: float) -> Asked:
    """A page as it was asked for."""
    return Asked(database="sqlite", name="home", few=[few] * 20, many=[many] * 20)


@pytest.mark.slow
def test_every_page_is_asked_of_both():
    tiny = ["--databases", "sqlite", "--pages", "2", "--people", "20", "40", "--log", "30"]
    out = printed(*tiny, "--json")

    rows = [json.loads(line) for line in out.splitlines()]
    pages = [row["page"] for row in rows]
    assert set(PROMISED) <= set(pages)
    assert len(set(pages)) == len(pages)
    assert all(row["ratio"] > 0 for row in rows)


def test_a_page_that_takes_more_than_twice_as_long_with_many_people_is_told():
    said = list(verdict.growing([asked(0.1, 0.19), asked(0.1, 0.31)], few=1_000))

    assert said == [
        "The page “home” on sqlite takes 3.1 times as long with many people as with few, above 2."
    ]


def test_pages_of_hardly_anybody_promise_nothing():
    assert list(verdict.growing([asked(0.1, 0.9)], few=20)) == []


def test_what_95_of_100_answers_do_not_pass_decides():
    quick = Asked(database="sqlite", name="home", few=[1.0] * 100, many=[2.0] * 96 + [90.0] * 4)

    assert quick.ratio == 2.0


def test_the_sizes_are_those_of_the_promise_unless_others_are_named():
    few, many = trial.sizes(None, None)

    assert (few.people, many.people, many.deliveries, many.log) == (1_000, 1_000_000, 200, 100_000)
    assert [size.log for size in trial.sizes([10, 20_000], 500)] == [10, 500]
