"""Profiles by hand: what is kept, what is refused with a sentence, what nobody overwrites."""

from datetime import date

import pytest

from tests.support.factories import actions, make_visitor
from tests.support.profiles import make_profile
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts, own_fields, tags, values
from webapp.profiles.models import Profile, ProfileLink, ProfileTag, ProfileWord, Tag
from webapp.profiles.reconciliation import linking


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
