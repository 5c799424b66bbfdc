"""The list of profiles: found by words and address, narrowed, sorted, paged both ways."""

import pytest

from tests.support.factories import make_visitor
from tests.support.profiles import make_profile
from webapp.kernel.db import reading
from webapp.kernel.runtime import Runtime
from webapp.profiles import tags
from webapp.profiles.listing import counts, export, search
from webapp.profiles.listing.query import Query
from webapp.profiles.models import Origin
from webapp.profiles.reconciliation import linking

PEOPLE = (
    ("Ana", "Ruiz", "ana@ruiz.example", "es"),
    ("Bo", "Åberg", "", "sv"),
    ("Clara", "Brandt", "clara@home.example", "de"),
    ("Dora", "Mészáros", "", "hu"),
    ("Emil", "Ruiz Soler", "emil@home.example", "es"),
)


@pytest.fixture(params=[search.MOST, 1], ids=["gathered", "walked"])
def people(request, runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Five profiles, read in both ways that the number of matches decides between."""
    monkeypatch.setattr(search, "MOST", request.param)
    made = {
        first: make_profile(runtime, first_name=first, last_name=last, email=email, language=spoken)
        for first, last, email, spoken in PEOPLE
    }
    tags.add(runtime, made["Clara"].id, "Fair")
    tags.add(runtime, made["Emil"].id, "Fair")
    linking.link(runtime, make_visitor(runtime).id, made["Ana"].id)
    return {name: row.id for name, row in made.items()}


def found(runtime: Runtime, **asked) -> list[str]:
    return [line.profile.first_name for line in search.search(runtime, Query(**asked)).lines]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"words": "rui"}, ["Ana", "Emil"]),
        ({"words": "sol emi"}, ["Emil"]),
        ({"words": "aberg"}, ["Bo"]),
        ({"words": "CLARA@home"}, ["Clara"]),
        ({"words": "nobody"}, []),
        ({"language": "es"}, ["Ana", "Emil"]),
        ({"linked": True}, ["Ana"]),
        ({"linked": False, "language": "es"}, ["Emil"]),
        ({"origin": Origin.IMPORT}, []),
        ({"words": "e", "linked": False}, ["Emil"]),
    ],
)
def test_a_list_is_narrowed_by_words_and_by_what_is_known(
    runtime: Runtime, people, asked: dict, names: list[str]
):
    assert found(runtime, **asked) == names


def test_a_tag_narrows_and_stands_beside_its_profiles(runtime: Runtime, people):
    (tag,) = tags.every(runtime)

    page = search.search(runtime, Query(tag_id=tag.id))

    assert [line.profile.first_name for line in page.lines] == ["Clara", "Emil"]
    assert all(line.tags == [tag] for line in page.lines)


@pytest.mark.parametrize(
    ("sort", "descending", "names"),
    [
        ("name", False, ["Bo", "Clara", "Dora", "Ana", "Emil"]),
        ("name", True, ["Emil", "Ana", "Dora", "Clara", "Bo"]),
        ("email", False, ["Ana", "Clara", "Emil", "Bo", "Dora"]),
        ("email", True, ["Emil", "Clara", "Ana", "Dora", "Bo"]),
    ],
)
def test_pages_one_behind_the_other_are_the_list_and_lead_back(
    runtime: Runtime, people, sort: str, descending, names: list[str]
):
    seen, after, firsts = [], None, []
    while True:
        asked = Query(sort=sort, descending=descending, after=after, size=2)
        page = search.search(runtime, asked)
        seen += [line.profile.first_name for line in page.lines]
        firsts.append(page.lines[0].profile.id)
        assert page.earlier is (after is not None)
        if not page.later:
            break
        after = page.lines[-1].profile.id

    assert seen == names
    back = Query(sort=sort, descending=descending, before=firsts[-1], size=2)
    page = search.search(runtime, back)
    assert [line.profile.first_name for line in page.lines] == names[2:4]
    assert (page.earlier, page.later) == (True, True)


def test_everybody_is_exported_once_with_tags(runtime: Runtime, people):
    rows = list(export.rows(runtime, Query()))

    assert [row["first_name"] for row in rows] == ["Bo", "Clara", "Dora", "Ana", "Emil"]
    assert [row["tags"] for row in rows] == ["", "Fair", "", "", "Fair"]
    assert rows[0].keys() == export.columns(runtime).keys()


def test_a_long_list_tells_what_was_counted_last(
    runtime: Runtime, people, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(counts, "MOST", 1)

    with reading():
        assert counts.counted(runtime).number == 5
        runtime.session.rollback()
    make_profile(runtime)

    kept = counts.known(runtime)
    assert (kept.number, kept.counted_at) == (5, runtime.now())
