"""People sign in on a page, accept part of what it asks, and only that is kept."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.acquisition.conftest import online
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.support.consenting import answer
from tests.support.traces import rows_with
from webapp.acquisition import answers, publishing, returning
from webapp.acquisition.models import (
    AcquisitionAnswer,
    AcquisitionDay,
    AcquisitionPage,
    AcquisitionVisit,
    PageKind,
)
from webapp.audience.models import Answer, Consent, ConsentScope, Subscription, Visitor
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.privacy import copy, erasing, wishes
from webapp.profiles.models import Profile
from webapp.services.models import Service

pytestmark = pytest.mark.one_database
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WHO = "atelier_shop"


@pytest.fixture
def asking(runtime: Runtime, brand: Service, sandbox: RunningSandbox) -> AcquisitionPage:
    return online(runtime, brand)


def begun(browser: FlaskClient, slug: str, source: str = "") -> str:
    """Begin to sign in; return where that leads."""
    db.session.rollback()
    began = browser.post(f"/p/{slug}/start?src={source}")
    assert began.status_code == 303, began.text
    return began.location


def asked(browser: FlaskClient, slug: str, **given) -> str:
    """Sign in and return the page that asks."""
    address = begun(browser, slug, given.pop("source", ""))
    told = answer(address, **{"handle": WHO, **given})
    back = browser.get("/p/-/back/x", query_string=told)
    assert back.status_code == 303, back.text
    return browser.get(back.location).text


def send(browser: FlaskClient, slug: str, shown: str, **data):
    key = re.search(r'name="visit" value="(\w+)"', shown)[1]
    return browser.post(f"/p/{slug}/answer", data={"visit": key, "answer": "accept", **data})


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def days() -> list[AcquisitionDay]:
    db.session.rollback()
    return list(db.session.scalars(select(AcquisitionDay).order_by(AcquisitionDay.source)))


def test_only_what_was_accepted_is_kept(asking: AcquisitionPage, client: FlaskClient):
    slug = asking.slug
    client.get(f"/p/{slug}?src=Spring Fair!", headers={"User-Agent": BROWSER})
    shown = asked(client, slug, source="Spring Fair!")
    assert "atelier_shop@mail.example" in shown
    assert " checked" not in shown

    done = send(client, slug, shown, share=["email"], agree=["messages"])

    assert done.status_code == 303
    assert "What you accepted is kept" in client.get(done.location).text
    db.session.rollback()
    visitor = db.session.scalar(select(Visitor))
    profile = db.session.scalar(select(Profile))
    assert (visitor.handle, visitor.name, visitor.origin) == (WHO, WHO, "page")
    assert (profile.email, profile.name) == ("atelier_shop@mail.example", "")
    rows = {row.scope: row for row in db.session.scalars(select(Consent))}
    assert set(rows) == {ConsentScope.PROFILE, ConsentScope.MESSAGES}
    assert rows[ConsentScope.MESSAGES].wording.text == "Direct messages from @ateliernord (sandbox)"
    assert rows[ConsentScope.PROFILE].fields == ["username", "email"]
    assert db.session.scalar(select(Subscription)).opted_in_at is not None
    (day,) = days()
    assert day.source == "spring-fair"
    assert (day.viewed, day.started, day.signed_in, day.consented, day.profiles) == (1, 1, 1, 1, 1)
    assert count(AcquisitionVisit) == 0


def test_a_sign_in_comes_back_once_and_in_the_browser_that_began_it(
    asking: AcquisitionPage, client: FlaskClient
):
    slug, other = asking.slug, client.application.test_client()
    told = answer(begun(client, slug), handle=WHO)

    foreign = other.get("/p/-/back/x", query_string=told)
    forged = client.get("/p/-/back/x", query_string=told | {"state": "made-up"})
    first = client.get("/p/-/back/x", query_string=told)
    again = client.get("/p/-/back/x", query_string=told)

    assert [item.status_code for item in (foreign, forged, first, again)] == [409, 409, 303, 409]
    assert "did not begin that sign-in" in foreign.text
    assert "came back once already" in again.text
    assert other.get(f"/p/{slug}/answer").location == f"/p/{slug}"


def test_whoever_refuses_leaves_nothing_but_a_number(asking: AcquisitionPage, client: FlaskClient):
    slug = asking.slug
    told = answer(begun(client, slug), handle=WHO, refuse="1")
    there = client.get("/p/-/back/x", query_string=told)
    shown = asked(client, slug)
    here = send(client, slug, shown, answer="refuse", share=["email"])

    assert "You allowed nothing" in there.text
    assert "Nothing of you is kept" in here.text
    assert [count(model) for model in (Visitor, Consent, AcquisitionVisit, Profile)] == [0, 0, 0, 0]
    assert [(day.refused, day.consented) for day in days()] == [(2, 0)]


def test_what_was_not_allowed_on_the_network_is_not_told_and_may_be_typed(
    asking: AcquisitionPage, client: FlaskClient
):
    shown = asked(client, asking.slug, allowed=["tweet.read", "users.read"])
    assert "@mail.example" not in shown
    assert "You did not let X tell it" in shown

    wrong = send(client, asking.slug, shown, **{"value-email": "nowhere"})
    right = send(client, asking.slug, shown, **{"value-email": "shop@own.example"})

    assert wrong.status_code == 422
    assert "This is no e-mail address." in wrong.text
    assert 'value="nowhere"' in wrong.text
    assert right.status_code == 303
    db.session.rollback()
    assert db.session.scalar(select(Profile.email)) == "shop@own.example"


def test_a_page_that_is_closed_meanwhile_keeps_nothing(
    runtime: Runtime, asking: AcquisitionPage, client: FlaskClient
):
    slug, number, edition = asking.slug, asking.id, asking.edition
    shown = asked(client, slug)
    half_way = answer(begun(other := client.application.test_client(), slug), handle=WHO)
    publishing.close(replace(runtime, session=db.session()), number, edition)
    db.session.rollback()

    late = send(client, slug, shown, share=["email"])
    back = other.get("/p/-/back/x", query_string=half_way)

    assert [late.status_code, back.status_code] == [410, 409]
    assert client.get(f"/p/{slug}").status_code == 410
    assert count(AcquisitionVisit) == 0
    assert count(Visitor) == 0


def test_who_comes_again_is_told_so_adds_to_it_and_takes_it_back(
    asking: AcquisitionPage, client: FlaskClient
):
    slug = asking.slug
    send(client, slug, asked(client, slug), agree=["messages"])

    shown = asked(client, slug)
    send(client, slug, shown, share=["email"], agree=["email"])
    last = send(client, slug, asked(client, slug), answer="take_back")

    assert "You agreed to this before." in shown
    assert "It is taken back" in last.text
    db.session.rollback()
    tie = db.session.scalar(select(Subscription))
    assert tie.opted_out_at >= tie.opted_in_at
    said = db.session.scalars(select(Consent.answer).order_by(Consent.id)).all()
    assert said == [Answer.OPT_IN] * 4 + [Answer.OPT_OUT] * 3
    assert [count(AcquisitionAnswer), count(Profile)] == [1, 1]
    assert [(day.signed_in, day.consented, day.profiles) for day in days()] == [(3, 2, 0)]


def test_a_form_is_filled_and_what_stands_in_it_is_shared(
    runtime: Runtime, brand: Service, sandbox: RunningSandbox, client: FlaskClient
):
    fields = ("name", "email", "phone", "language")
    slug = online(runtime, brand, kind=PageKind.FORM, fields=fields).slug
    shown = asked(client, slug)
    assert 'value="atelier_shop@mail.example"' in shown

    typed = {"value-name": "Ida Maria Holm", "value-language": "es"}
    typed["value-email"] = "ida@own.example"
    assert send(client, slug, shown, **typed).status_code == 303

    db.session.rollback()
    profile = db.session.scalar(select(Profile))
    assert (profile.first_name, profile.last_name) == ("Ida", "Maria Holm")
    assert (profile.email, profile.language, profile.phone) == ("ida@own.example", "es", "")


def test_the_form_of_another_site_is_not_taken(asking: AcquisitionPage, client: FlaskClient):
    asked(client, asking.slug)

    forged = client.post(f"/p/{asking.slug}/answer", data={"answer": "accept", "agree": "messages"})

    assert forged.status_code == 404
    assert count(Visitor) == 0


def test_the_tokens_of_a_person_are_kept_nowhere(asking: AcquisitionPage, client: FlaskClient):
    asked(client, asking.slug)
    db.session.rollback()
    row = db.session.scalar(select(AcquisitionVisit))

    assert b"mail.example" not in row.ciphertext
    assert client.get_cookie("fanfare_visit", path="/p/").http_only


def test_too_many_who_begin_from_one_address_wait(asking: AcquisitionPage, client: FlaskClient):
    slug = asking.slug
    db.session.rollback()
    answers = [client.post(f"/p/{slug}/start").status_code for _try in range(33)]

    assert answers[:30] == [303] * 30
    assert answers[-1] == 429


def test_of_two_answers_at_once_one_counts(
    runtime: Runtime, asking: AcquisitionPage, client: FlaskClient
):
    slug, shown = asking.slug, asked(client, asking.slug)
    held = client.get_cookie("fanfare_visit", path="/p/").value
    both = returning.signed_in(replace(runtime, session=db.session()), slug, held)
    db.session.rollback()
    send(client, slug, shown, agree=["messages"])

    with pytest.raises(Conflict, match="answered already"):
        answers.accept(replace(runtime, session=db.session()), both, answers.Accepted())

    db.session.rollback()
    assert count(Consent) == 2


def test_an_erasure_leaves_no_trace_of_who_answered(
    runtime: Runtime, asking: AcquisitionPage, client: FlaskClient
):
    slug = asking.slug
    send(client, slug, asked(client, slug), share=["name", "email"], agree=["messages"])
    asked(client, slug)
    db.session.rollback()
    runtime = replace(runtime, session=db.session())
    who = runtime.session.scalar(select(Visitor))
    told = copy.document(runtime, who.id)
    erasing.erase(runtime, wishes.ask(runtime, who.id).id, WHO)

    assert told["page_answers"][0]["fields"] == ["name", "email"]
    assert len(told["page_visits"]) == 1
    assert [count(model) for model in (AcquisitionAnswer, AcquisitionVisit, Profile)] == [0, 0, 0]
    assert rows_with(runtime, WHO) == []
