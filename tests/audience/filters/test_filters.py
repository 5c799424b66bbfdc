"""Conditions on people: their words and their SQL."""

import pytest

from webapp.audience import filters
from webapp.kernel.runtime import Runtime

FRIENDS = {"field": "friends", "op": "more", "value": "50"}
VERIFIED = {"field": "verified", "op": "is", "value": "yes"}
ANA = {"field": "username", "op": "begins", "value": "ana"}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (FRIENDS, "followers more than 50"),
        ({"not": FRIENDS}, "followers not more than 50"),
        ({"field": "verified", "op": "is", "value": "no"}, "not verified"),
        ({"not": {"field": "verified", "op": "is", "value": "no"}}, "verified"),
        ({"any": [FRIENDS, VERIFIED]}, "followers more than 50 or verified"),
        (
            {"not": {"all": [FRIENDS, ANA]}},
            "not (followers more than 50 and username begins with ana)",
        ),
        ({"field": "first_seen", "value": "2026-11-01"}, "first seen since 2026-11-01 in UTC"),
        (
            {"field": "first_seen", "value": "2026-11-01 America/Los_Angeles"},
            "first seen since 2026-11-01 in America/Los_Angeles",
        ),
        # The zone of whoever reads it goes without saying.
        (
            {"field": "first_seen", "op": "before", "value": "2026-11-01 Europe/Paris"},
            "first seen before 2026-11-01",
        ),
        ({"field": "friends", "op": "more", "value": "12,000"}, "followers more than 12,000"),
    ],
)
def test_a_condition_is_told_in_words(runtime: Runtime, condition: dict[str, object], words: str):
    said = filters.in_words([condition])

    assert [" ".join(parts).strip() for parts in said] == [words]
