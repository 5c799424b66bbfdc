"""Profiles by hand: what is kept, what is refused with a sentence, what nobody overwrites."""

from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.factories import actions, make_visitor
from tests.support.profiles import PAGE, make_profile, shared
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts, own_fields, tags, values
from webapp.profiles.models import Profile, ProfileLink, ProfileTag, ProfileWord, Tag
from webapp.profiles.reconciliation import linking
from webapp.profiles.reconciliation.reconcile import reconcile


def test_a_profile_keeps_what_was_written_and_where_each_value_came_from(runtime: Runtime):
    town = own_fields.add(runtime, "Town")

    made = make_profile(
        runtime,
        email="Ana@Ruiz.example",
        birth_date="1990-04-23",
        language="pt_br",
        phone="+34 972 12 34 56",
        **{f"own.{town.id}": "Girona"},
    )

    assert values.of(made) == {
        "first_name": "Ana",
        "last_name": "Ruiz",
        "email": "Ana@Ruiz.example",
        "birth_date": "1990-04-23",
        "language": "pt-BR",
        "phone": "+34 972 12 34 56",
        f"own.{town.id}": "Girona",
    }
    assert made.birth_date == date(1990, 4, 23)
    assert (made.email_key, made.sort_key) == ("ana@ruiz.example", "ruiz ana")
    assert {kept["origin"] for kept in made.sources.values()} == {"hand"}
    assert set(made.sources) == set(values.of(made))


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("email", "ana.ruiz.example"),
        ("birth_date", "23/04/1990"),
        ("birth_date", "0001-01-01"),
        ("birth_date", "2999-01-01"),
        ("language", "klingonian"),
        ("phone", "call me"),
        ("last_name", "x" * 201),
    ],
)
@pytest.mark.one_database
def test_what_cannot_be_kept_is_refused_beside_its_field(runtime: Runtime, field: str, text: str):
    with pytest.raises(Invalid) as refused:
        make_profile(runtime, **{field: text})

    assert set(refused.value.fields) == {field}


@pytest.mark.one_database
def test_nobody_is_no_profile(runtime: Runtime):
    with pytest.raises(Invalid):
        contacts.create(runtime, {"first_name": " ", "last_name": "", "language": "es"})


@pytest.mark.one_database
def test_an_address_that_somebody_has_is_refused_unless_they_share_it(runtime: Runtime):
    make_profile(runtime, email="home@ruiz.example")

    with pytest.raises(Invalid) as refused:
        contacts.create(runtime, {"first_name": "Bo", "email": "HOME@ruiz.example"})
    runtime.session.rollback()
    other = contacts.create(runtime, {"first_name": "Bo", "email": "home@ruiz.example"}, twice=True)

    assert "Ana Ruiz" in refused.value.fields["email"]
    assert other.email_key == "home@ruiz.example"


def test_an_edit_writes_what_differs_and_overwrites_nothing_unseen(runtime: Runtime):
    made = make_profile(runtime, email="ana@ruiz.example")
    seen = made.version

    contacts.edit(runtime, made.id, {"last_name": "Ruiz Soler"}, version=seen)
    with pytest.raises(Conflict):
        contacts.edit(runtime, made.id, {"last_name": "Overwritten"}, version=seen)

    runtime.session.rollback()
    now = runtime.session.get_one(Profile, made.id)
    assert (now.last_name, now.email) == ("Ruiz Soler", "ana@ruiz.example")
    words = {row.word for row in runtime.session.query(ProfileWord)}
    assert words == {"ana", "ruiz", "soler"}


def test_a_value_that_is_emptied_is_unknown_again(runtime: Runtime):
    made = make_profile(runtime, phone="972 123 456")

    contacts.edit(runtime, made.id, {"phone": ""}, version=made.version)

    assert "phone" not in values.of(made) | made.sources


def test_a_tag_is_one_however_it_is_written_and_goes_with_its_last_profile(runtime: Runtime):
    ana, bo = (make_profile(runtime, first_name=name) for name in ("Ana", "Bo"))
    tags.add(runtime, ana.id, "Fair 2025")
    tags.add(runtime, bo.id, "fair  2025")

    (tag,) = tags.every(runtime)
    tags.take(runtime, ana.id, tag.id)
    assert tags.of(runtime, [ana.id, bo.id]) == {ana.id: [], bo.id: [tag]}
    tags.take(runtime, bo.id, tag.id)
    assert runtime.session.query(Tag).all() == []


def test_a_profile_that_is_removed_leaves_its_visitors(runtime: Runtime):
    made = make_profile(runtime)
    visitor = make_visitor(runtime)
    linking.link(runtime, visitor.id, made.id)
    tags.add(runtime, made.id, "Fair")

    contacts.remove(runtime, made.id)

    for model in (Profile, ProfileLink, ProfileTag, ProfileWord):
        assert runtime.session.query(model).all() == []
    assert runtime.session.get(type(visitor), visitor.id)
    assert actions(runtime)[-1] == "profile.remove"


@pytest.mark.parametrize("name", ["\u00df" * 200, "\ufb03" * 200])
def test_a_tag_and_a_field_may_have_any_name_that_is_short_enough(runtime: Runtime, name: str):
    """Some letters are two or three once they are folded, and a key holds only so many."""
    tags.add(runtime, make_profile(runtime).id, name)
    own_fields.add(runtime, name)

    assert [tag.name for tag in tags.every(runtime)] == [name]


@pytest.mark.several_writers
def test_a_change_by_hand_and_shared_data_wait_for_each_other(runtime: Runtime, app: Flask):
    profile, visitor = make_profile(runtime, email="ana@ruiz.example"), make_visitor(runtime)
    number, theirs = profile.id, visitor.id
    runtime.session.commit()

    def share() -> None:
        with app.app_context(), Session(runtime.session.get_bind()) as own:
            said = shared(email="ana@ruiz.example", phone="972 111 111")
            reconcile(replace(runtime, session=own), theirs, said)

    with Session(runtime.session.get_bind()) as own, ThreadPoolExecutor() as pool:
        mine = replace(runtime, session=own)
        (row,) = contacts.locked(mine, number)
        done = pool.submit(share)
        assert not futures.wait([done], timeout=0.5).done
        values.write(mine, row, {"language": "es"}, PAGE)
        own.commit()
        done.result(timeout=10)

    runtime.session.expire_all()
    told = values.of(runtime.session.get_one(Profile, number))
    assert (told["language"], told["phone"]) == ("es", "972 111 111")
