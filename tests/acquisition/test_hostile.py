"""Strangers try on a page what nobody should be able to do there."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.acquisition.conftest import online
from tests.acquisition.test_answers import WHO, answer, asked, begun, count, send
from tests.plugins.x.sandbox.running import RunningSandbox
from webapp.acquisition import publishing
from webapp.acquisition.models import AcquisitionPage, AcquisitionVisit, PageKind
from webapp.audience import erased
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts
from webapp.profiles.models import ProfileLink, WaitingContact
from webapp.services.channel import tokens
from webapp.services.models import Service

pytestmark = pytest.mark.one_database
FIELDS = ("name", "email", "phone", "birth_date")
VICTIM = {"first_name": "Ana", "last_name": "Ruiz", "birth_date": "1990-04-23"}
TYPED = {"value-name": "Ana Ruiz", "value-birth_date": "1990-04-23"}


@pytest.fixture
def form(runtime: Runtime, brand: Service, sandbox: RunningSandbox) -> AcquisitionPage:
    return online(runtime, brand, kind=PageKind.FORM, fields=FIELDS)


@pytest.mark.parametrize("typed", [{"value-email": "ana@shop.example"}, TYPED])
def test_who_types_what_is_somebody_elses_does_not_become_them(
    runtime: Runtime, form: AcquisitionPage, client: FlaskClient, typed: dict[str, str]
):
    slug = form.slug
    contacts.create(runtime, VICTIM | {"email": "ana@shop.example"})

    assert send(client, slug, asked(client, slug), **typed).status_code == 303

    assert [count(ProfileLink), count(WaitingContact)] == [0, 1]


def test_the_address_that_the_network_told_finds_their_profile(
    runtime: Runtime, form: AcquisitionPage, client: FlaskClient
):
    slug, address = form.slug, f"{WHO}@mail.example"
    contacts.create(runtime, {"first_name": "Ana", "email": address})

    send(client, slug, asked(client, slug), **{"value-email": address})

    assert [count(ProfileLink), count(WaitingContact)] == [1, 0]


def test_who_typed_an_address_before_its_owner_came_keeps_their_profile_apart(
    form: AcquisitionPage, client: FlaskClient
):
    slug, other = form.slug, client.application.test_client()
    shown = asked(client, slug, handle="atelier_proof")
    send(client, slug, shown, **{"value-email": f"{WHO}@mail.example"})

    send(other, slug, asked(other, slug), **{"value-email": f"{WHO}@mail.example"})

    assert [count(ProfileLink), count(WaitingContact)] == [1, 1]


def test_an_erased_address_comes_back_by_nobody_who_types_it(
    runtime: Runtime, form: AcquisitionPage, client: FlaskClient
):
    slug, address = form.slug, "ana@shop.example"
    erased.remember(runtime, "email", address)
    db.session.commit()

    done = send(client, slug, asked(client, slug), **{"value-email": address})

    assert done.status_code == 303
    db.session.rollback()
    assert address in erased.among(replace(runtime, session=db.session()), "email", [address])


def test_of_several_sign_ins_that_a_browser_began_the_last_one_waits(
    form: AcquisitionPage, client: FlaskClient
):
    asked(client, form.slug)
    begun(client, form.slug)

    assert count(AcquisitionVisit) == 1


def test_what_somebody_emptied_stays_empty_when_they_are_asked_again(
    form: AcquisitionPage, client: FlaskClient
):
    slug = form.slug
    typed = {"value-email": "", "value-phone": "1", "value-name": f"Ana {'x' * 300}"}

    again = send(client, slug, asked(client, slug), **typed)

    assert again.status_code == 422
    assert "mail.example" not in again.text
    assert "This is too long" in again.text


def test_a_draft_is_read_in_no_language_that_there_is_not(
    form: AcquisitionPage, client: FlaskClient
):
    assert client.get(f"/p/-/draft/{form.preview_key}?lang=../../x").status_code == 200


def test_a_page_that_is_closed_while_the_network_is_asked_says_so(
    runtime: Runtime,
    form: AcquisitionPage,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
):
    number, edition, real = form.id, form.edition, tokens.profile
    told = answer(begun(client, form.slug), handle=WHO)

    def meanwhile(*given):
        publishing.close(replace(runtime, session=db.session()), number, edition)
        return real(*given)

    monkeypatch.setattr(tokens, "profile", meanwhile)

    assert client.get("/p/-/back/x", query_string=told).status_code == 410
    assert count(AcquisitionVisit) == 0


def test_a_page_that_ended_keeps_nothing_of_who_was_asked_and_lets_them_take_it_back(
    runtime: Runtime, form: AcquisitionPage, client: FlaskClient
):
    slug = form.slug
    send(client, slug, asked(client, slug), agree=["messages"])
    first, second = asked(client, slug), client.application.test_client()
    other = asked(second, slug, handle="atelier_proof")
    db.session.rollback()
    page = db.session.scalar(select(AcquisitionPage))
    page.state = publishing.PageState.CLOSED
    db.session.commit()

    late = send(second, slug, other, agree=["messages"])
    back = send(client, slug, first, answer="take_back")

    assert [late.status_code, back.status_code] == [410, 200]
    assert "It is taken back" in back.text
    assert count(AcquisitionVisit) == 0
