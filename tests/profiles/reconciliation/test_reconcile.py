"""Whose data these are: linked, made, or asked; never twice, and never over what others said."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.factories import make_visitor
from tests.support.profiles import make_profile, shared
from webapp.app import runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.profiles import values
from webapp.profiles.models import LinkedBy, NotSame, Profile, ProfileLink, Unclear, WaitingContact
from webapp.profiles.reconciliation import linking, suggestions
from webapp.profiles.reconciliation.reconcile import Mode, Outcome, reconcile

ANA = {"first_name": "Ana", "last_name": "Ruiz", "birth_date": "1990-04-23"}


def waits(runtime: Runtime, visitor_id: int) -> WaitingContact | None:
    return runtime.session.get(WaitingContact, visitor_id)


def test_the_same_address_links_and_fills_what_is_unknown(runtime: Runtime):
    ana = make_profile(runtime, email="ana@ruiz.example")
    visitor = make_visitor(runtime)

    done = reconcile(runtime, visitor.id, shared(email="ANA@Ruiz.example", language="es"))

    assert (done.outcome, done.profile_id) == (Outcome.LINKED, ana.id)
    assert runtime.session.get_one(ProfileLink, visitor.id).how is LinkedBy.EMAIL
    assert (ana.email, ana.language) == ("ana@ruiz.example", "es")
    assert ana.sources["language"]["about"] == "Share your profile"
    assert waits(runtime, visitor.id) is None


def test_what_the_profile_says_otherwise_waits_for_an_operator(runtime: Runtime):
    ana = make_profile(runtime, email="ana@ruiz.example", phone="972 111 111")
    visitor = make_visitor(runtime)

    reconcile(runtime, visitor.id, shared(email="ana@ruiz.example", phone="972 222 222"))

    assert ana.phone == "972 111 111"
    assert waits(runtime, visitor.id).values == {"phone": "972 222 222"}
    linking.accept(runtime, visitor.id)
    assert ana.phone == "972 222 222"
    assert waits(runtime, visitor.id) is None


def test_names_with_the_birth_date_link(runtime: Runtime):
    ana = make_profile(runtime, **ANA)
    visitor = make_visitor(runtime)

    done = reconcile(runtime, visitor.id, shared(**ANA | {"last_name": "RUÍZ"}))

    assert done.profile_id == ana.id
    assert runtime.session.get_one(ProfileLink, visitor.id).how is LinkedBy.NAMES


def test_a_name_alone_asks(runtime: Runtime):
    ana = make_profile(runtime)
    visitor = make_visitor(runtime, name="Ana Ruiz")

    done = reconcile(runtime, visitor.id, shared(first_name="Ana", last_name="Ruiz"))

    assert done.outcome is Outcome.WAITS
    assert waits(runtime, visitor.id).why is Unclear.TOO_LITTLE
    assert list(suggestions.for_visitor(runtime, visitor)) == [ana]
    assert list(suggestions.for_profile(runtime, ana)) == [visitor]
    linking.link(runtime, visitor.id, ana.id, "told me in the shop")
    assert waits(runtime, visitor.id) is None
    assert list(suggestions.for_profile(runtime, ana)) == []


def test_a_new_address_makes_a_profile_and_the_person_may_correct_it(runtime: Runtime):
    visitor = make_visitor(runtime)
    first = reconcile(runtime, visitor.id, shared(email="ana@ruiz.example", first_name="Anna"))
    again = reconcile(runtime, visitor.id, shared(email="ana@ruiz.example", first_name="Ana"))

    made = runtime.session.get_one(Profile, first.profile_id)
    assert [first.outcome, again.outcome] == [Outcome.MADE, Outcome.KNOWN]
    assert values.of(made) == {"first_name": "Ana", "email": "ana@ruiz.example"}
    assert again.profile_id == first.profile_id


def test_whoever_names_the_address_of_another_changes_nothing_of_theirs(runtime: Runtime):
    ana = make_profile(runtime, email="ana@ruiz.example")
    stranger = make_visitor(runtime)
    reconcile(runtime, stranger.id, shared(email="ana@ruiz.example"))

    reconcile(runtime, stranger.id, shared(email="stranger@example.org", first_name="Mallory"))

    assert values.of(ana) == {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@ruiz.example"}
    assert set(waits(runtime, stranger.id).values) == {"email", "first_name"}


def test_who_was_unlinked_is_not_linked_again_by_itself(runtime: Runtime):
    ana = make_profile(runtime, email="home@ruiz.example")
    bo = make_visitor(runtime)
    reconcile(runtime, bo.id, shared(email="home@ruiz.example"))
    linking.unlink(runtime, bo.id)

    done = reconcile(runtime, bo.id, shared(email="home@ruiz.example", first_name="Bo"))

    assert done.outcome is Outcome.MADE
    assert done.profile_id != ana.id
    assert runtime.session.get(NotSame, (bo.id, ana.id))


def test_a_page_may_leave_it_to_operators_or_make_a_profile_each_time(runtime: Runtime):
    make_profile(runtime, email="ana@ruiz.example")
    one, two = make_visitor(runtime), make_visitor(runtime)

    asked = reconcile(runtime, one.id, shared(Mode.MANUAL, email="ana@ruiz.example"))
    made = reconcile(runtime, two.id, shared(Mode.NONE, email="ana@ruiz.example"))

    assert (asked.outcome, made.outcome) == (Outcome.WAITS, Outcome.MADE)
    assert waits(runtime, one.id).why is Unclear.BY_HAND
    profile = linking.make_of(runtime, one.id)
    assert values.of(profile) == {"email": "ana@ruiz.example"}


@pytest.mark.one_database
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(runtime: Runtime):
    visitor = make_visitor(runtime)

    with pytest.raises(Invalid) as refused:
        reconcile(runtime, visitor.id, shared(email="nonsense", birth_date="soon", language="es"))

    assert set(refused.value.fields) == {"email", "birth_date"}
    assert runtime.session.query(WaitingContact).all() == []
    assert reconcile(runtime, visitor.id, shared()).outcome is Outcome.NOTHING
    with pytest.raises(NotFound):
        reconcile(runtime, 4711, shared(email="ana@ruiz.example"))


def test_a_visitor_has_one_profile(runtime: Runtime):
    ana, bo = make_profile(runtime), make_profile(runtime, first_name="Bo")
    visitor, other = make_visitor(runtime), make_visitor(runtime)
    linking.link(runtime, visitor.id, ana.id)
    linking.link(runtime, other.id, ana.id)

    with pytest.raises(Conflict):
        linking.link(runtime, visitor.id, bo.id)

    runtime.session.rollback()
    assert [link.visitor_id for link in linking.of_profile(runtime, ana)] == [visitor.id, other.id]


@pytest.mark.several_writers
def test_of_many_who_share_one_address_at_once_one_profile_comes(runtime: Runtime, app: Flask):
    people = [make_visitor(runtime).id for _number in range(6)]
    together = threading.Barrier(len(people))

    def share(visitor_id: int) -> Callable[[], None]:
        def run() -> None:
            with app.app_context():
                mine = runtime_of(app, trusted("test"))
                together.wait()
                reconcile(mine, visitor_id, shared(email="ana@ruiz.example"))
                db.session.remove()

        return run

    threads = [threading.Thread(target=share(number)) for number in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(runtime.session.query(Profile).all()) == 1
    assert len(runtime.session.query(ProfileLink).all()) == len(people)


def test_pairs_of_one_name_come_page_by_page(runtime: Runtime, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(suggestions, "SIZE", 2)
    monkeypatch.setattr(suggestions, "WINDOW", 2)
    profiles = [make_profile(runtime, first_name=name) for name in ("Ana", "Bo", "Clara", "Ana")]
    for name in ("Ana Ruiz", "ana ruiz", "Clara Ruiz", "Somebody Else"):
        make_visitor(runtime, name=name)
    linking.not_same(runtime, suggestions.for_profile(runtime, profiles[3])[0].id, profiles[3].id)

    seen, place = [], (0, 0)
    while place is not None:
        found = suggestions.page(runtime, place)
        seen += [(pair.profile.id, pair.visitor.name) for pair in found.rows]
        place = found.after

    first, _bo, clara, last = (profile.id for profile in profiles)
    assert seen == [
        (first, "Ana Ruiz"),
        (first, "ana ruiz"),
        (clara, "Clara Ruiz"),
        (last, "ana ruiz"),
    ]
