"""A merge keeps what was chosen; undone, both profiles stand as they were, or it refuses."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.factories import make_visitor
from tests.support.profiles import make_profile
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts, tags, values
from webapp.profiles.merging import merge as merging
from webapp.profiles.merging import snapshot
from webapp.profiles.models import NotSame, Profile, ProfileLink, ProfileMerge, ProfileWord
from webapp.profiles.reconciliation import linking


@pytest.fixture
def two(runtime: Runtime) -> tuple[Profile, Profile]:
    """Two profiles of one person, each with tags, a visitor, and somebody they are not."""
    kept = make_profile(runtime, email="ana@ruiz.example", language="es")
    gone = make_profile(runtime, last_name="Ruiz Soler", phone="972 111 111", language="ca")
    for number, profile in enumerate((kept, gone)):
        linking.link(runtime, make_visitor(runtime).id, profile.id, f"note {number}")
        linking.not_same(runtime, make_visitor(runtime).id, profile.id)
        tags.add(runtime, profile.id, "Both")
        tags.add(runtime, profile.id, f"Tag {number}")
    return kept, gone


def merged(runtime: Runtime, kept: Profile, gone: Profile, *taken: str) -> ProfileMerge:
    return merging.merge(runtime, kept.id, gone.id, taken=taken, seen=(kept.version, gone.version))


def state(runtime: Runtime) -> tuple:
    """All that profiles are, but for the version, which never goes back."""
    runtime.session.expire_all()
    profiles = [
        {k: v for k, v in snapshot.of(runtime, row).items() if k != "version"}
        for row in runtime.session.query(Profile).order_by(Profile.id)
    ]
    notes = {
        row.visitor_id: (row.profile_id, row.note) for row in runtime.session.query(ProfileLink)
    }
    words = {(row.word, row.profile_id) for row in runtime.session.query(ProfileWord)}
    return profiles, notes, words


def test_what_was_chosen_stays_with_the_visitors_and_tags_of_both(runtime: Runtime, two):
    kept, gone = two

    merged(runtime, kept, gone, "last_name", "phone")

    (left,) = runtime.session.query(Profile)
    assert values.of(left) == {
        "first_name": "Ana",
        "last_name": "Ruiz Soler",
        "email": "ana@ruiz.example",
        "phone": "972 111 111",
        "language": "es",
    }
    assert set(left.sources) == set(values.of(left))
    assert snapshot.tag_names(runtime, left.id) == ["Both", "Tag 0", "Tag 1"]
    assert {row.profile_id for row in runtime.session.query(ProfileLink)} == {left.id}
    assert {row.profile_id for row in runtime.session.query(NotSame)} == {left.id}
    assert {row.word for row in runtime.session.query(ProfileWord)} == {"ana", "ruiz", "soler"}


def test_a_visitor_of_one_that_was_said_not_to_be_the_other_is_after_all(runtime: Runtime, two):
    kept, gone = two
    visitor = linking.of_profile(runtime, gone)[0].visitor_id
    linking.not_same(runtime, visitor, kept.id)
    before = state(runtime)

    made = merged(runtime, kept, gone)

    assert runtime.session.get(NotSame, (visitor, kept.id)) is None
    merging.undo(runtime, made.id)
    assert state(runtime) == before


def test_undone_both_stand_as_they_were(runtime: Runtime, two):
    before = state(runtime)
    made = merged(runtime, *two, "last_name", "phone", "language")

    merging.undo(runtime, made.id)

    assert state(runtime) == before
    with pytest.raises(NotFound):
        merging.undo(runtime, made.id)


@given(st.sets(st.sampled_from(["last_name", "email", "phone", "language"])))
@settings(
    max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@pytest.mark.one_database
def test_whatever_was_chosen_it_can_be_undone_and_done_again(runtime: Runtime, two, taken):
    kept, gone = (runtime.session.get_one(Profile, row.id) for row in two)
    before = state(runtime)

    merging.undo(runtime, merged(runtime, kept, gone, *taken).id)

    assert state(runtime) == before


def test_two_merges_are_undone_one_after_the_other(runtime: Runtime, two):
    kept, gone = two
    third = make_profile(runtime, first_name="Anna")
    before = state(runtime)
    first = merged(runtime, kept, gone)
    second = merged(runtime, kept, third, "first_name")

    with pytest.raises(Conflict):
        merging.undo(runtime, first.id)
    runtime.session.rollback()
    merging.undo(runtime, second.id)
    merging.undo(runtime, first.id)

    assert state(runtime) == before


@pytest.mark.parametrize("change", ["edit", "tag", "link", "remove"])
def test_a_merge_is_not_undone_over_later_changes(runtime: Runtime, two, change: str):
    kept, _gone = two
    made = merged(runtime, *two)
    {
        "edit": lambda: contacts.edit(
            runtime, kept.id, {"phone": "972 333 333"}, version=kept.version
        ),
        "tag": lambda: tags.add(runtime, kept.id, "New"),
        "link": lambda: linking.link(runtime, make_visitor(runtime).id, kept.id),
        "remove": lambda: contacts.remove(runtime, kept.id),
    }[change]()
    before = state(runtime)

    with pytest.raises((Conflict, NotFound)):
        merging.undo(runtime, made.id)

    runtime.session.rollback()
    assert state(runtime) == before


@pytest.mark.one_database
def test_after_thirty_days_it_is_too_late(runtime: Runtime, two, clock):
    made = merged(runtime, *two)
    clock.set(runtime.now() + timedelta(days=30))

    with pytest.raises(Conflict):
        merging.undo(runtime, made.id)

    assert merging.of(runtime, two[0]) == []


@pytest.mark.one_database
def test_what_was_not_compared_as_it_is_now_is_not_merged(runtime: Runtime, two):
    kept, gone = two
    seen = kept.version, gone.version
    contacts.edit(runtime, gone.id, {"phone": "972 222 222"}, version=gone.version)

    with pytest.raises(Conflict):
        merging.merge(runtime, kept.id, gone.id, taken=(), seen=seen)
    runtime.session.rollback()
    with pytest.raises(Conflict):
        merging.merge(runtime, kept.id, kept.id, taken=(), seen=(1, 1))


@pytest.mark.one_database
def test_the_page_compares_merges_leads_on_and_undoes(marketer: FlaskClient, runtime: Runtime, two):
    kept, gone = (row.id for row in two)
    versions = {"kept": two[0].version, "gone": two[1].version}
    runtime.session.commit()
    url = f"/audience/profiles/{kept}/merge/{gone}"

    page = marketer.get(url).text
    marketer.post(url, data=versions | {"take-last_name": "gone", "take-language": "kept"})
    shown = marketer.get(f"/audience/profiles/{kept}").text
    old = marketer.get(f"/audience/profiles/{gone}")
    (made,) = runtime.session.query(ProfileMerge)
    number = made.id
    runtime.session.commit()
    marketer.post(f"/audience/profiles/merges/{number}/undo")

    for said in ("Ruiz Soler", "972 111 111", "It can be undone until 23 Dec 2026"):
        assert said in page
    assert "Ana Ruiz Soler" in shown
    assert "Undo the merge" in shown
    assert old.location == f"/audience/profiles/{kept}"
    assert marketer.get(f"/audience/profiles/{gone}").status_code == 200


def test_that_somebody_is_another_person_was_said_since_so_nothing_is_undone(runtime: Runtime, two):
    made = merged(runtime, *two)
    linking.not_same(runtime, make_visitor(runtime).id, two[0].id)

    with pytest.raises(Conflict):
        merging.undo(runtime, made.id)


def test_nothing_is_kept_of_profiles_that_went_into_one_which_is_gone_itself(runtime: Runtime, two):
    kept, gone = two
    merged(runtime, kept, gone)
    last = make_profile(runtime)
    merged(runtime, last, contacts.get(runtime, kept.id))

    contacts.remove(runtime, last.id)

    assert runtime.session.query(ProfileMerge).all() == []
