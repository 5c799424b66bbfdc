"""How many a search finds: exact up to a bound, and never read further than that."""

import pytest

from tests.support.factories import make_service, make_subscription, make_visitor
from tests.support.plans import plans
from webapp.audience.visitors import matching, people
from webapp.audience.visitors.matching import Count
from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime

MARAS = {"mara": "Mara Marsen", "mars_2": "Mara Berg", "bo": "Bo Marsen", "ida": "Ida Dahl"}


@pytest.fixture(autouse=True)
def known(runtime: Runtime) -> None:
    """Four people, of whom three have words that begin alike, one of them three such words."""
    for handle, name in MARAS.items():
        make_visitor(runtime, handle=handle, name=name)


@pytest.mark.parametrize(
    ("words", "most", "found"),
    [
        ("mar", 3, Count(number=3, more=False)),
        ("mar", 2, Count(number=2, more=True)),
        ("mara", 2, Count(number=2, more=False)),
        ("mara", 1, Count(number=1, more=True)),
        ("mara marsen", 1, Count(number=1, more=False)),
        ("marsen bo", 1, Count(number=1, more=False)),
        ("mar mar", 2, Count(number=2, more=True)),
        ("ida mar", 1, Count(number=0, more=False)),
        ("zzq", 1, Count(number=0, more=False)),
        ("", 3, Count(number=3, more=True)),
        ("", 4, Count(number=4, more=False)),
    ],
)
def test_who_has_several_such_words_counts_once(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, words: str, most: int, found: Count
):
    for alike in (1, 4):
        monkeypatch.setattr(matching, "ALIKE", alike)
        monkeypatch.setattr(matching, "MOST", most)

        assert people.quick_count(runtime, people.Query(words=words)) == found
        page = people.search(runtime, people.Query(words=words))
        assert page.count == found
        assert len({line.visitor.id for line in page.lines}) == people.count(
            runtime, people.Query(words=words)
        )


@pytest.mark.parametrize("most", [1, 2, 3])
def test_who_follows_several_accounts_counts_once(runtime: Runtime, most: int):
    services = [make_service(runtime) for _number in range(3)]
    for person in [make_visitor(runtime) for _number in range(2)]:
        for service in services:
            make_subscription(runtime, service, visitor=person)
    asked = people.Query(conditions=[{"field": "wrote_first", "op": "is", "value": "yes"}])

    found = people.quick_count(runtime, asked, most)

    assert found == Count(number=min(2, most), more=most < 2)


def test_many_people_with_a_word_are_asked_one_by_one_and_never_gathered(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matching, "MOST", 1)

    asked = plans(
        runtime, lambda: people.search(runtime, people.Query(words="mar")), "visitor INDEXED"
    )

    if dialect_of(runtime.session) == "sqlite":
        assert asked
        for found in asked:
            assert "USING COVERING INDEX ix_visitor_follower_count_id" in found
            assert "visitor_word USING COVERING INDEX ix_visitor_word_visitor_id" in found
            assert "LIST SUBQUERY" not in found
