"""The pages behind the link of a message need no log-in, no cookie and no script."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.privacy.conftest import WORDS, Known
from tests.privacy.test_reader import message_to, token_of
from tests.support.factories import make_service
from webapp.audience.models import Answer, Consent, Subscription
from webapp.deliveries.models import Delivery
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.tracking import choices
from webapp.tracking.models import Click, ClickKind, TrackedLink


@pytest.fixture
def link(runtime: Runtime, known: Known) -> str:
    found = f"/why/{token_of(runtime, known)}"
    runtime.session.close()
    return found


def test_whoever_has_the_link_reads_why(client: FlaskClient, link: str):
    answer = client.get(link)

    assert answer.status_code == 200
    for words in (
        "Why did I get this message?",
        "Because you agreed to it on",
        "Hi Zerlinde, spring is here.",
        "2 people got this message.",
        "2 messages sent or planned",
        "wunderlich-handschlag at the fair",
        "Stop messages",
    ):
        assert words in answer.text


def test_the_page_sets_no_cookie_runs_no_script_and_is_listed_nowhere(
    client: FlaskClient, link: str
):
    answer = client.get(link)

    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


def test_opening_every_page_changes_nothing(client: FlaskClient, link: str):
    for path in (link, f"{link}/erase", link):
        assert client.get(path).status_code == 200

    assert db.session.query(Subscription).filter(Subscription.opted_out_at.is_not(None)).all() == []
    db.session.rollback()


def test_they_stop_the_messages_without_a_token_of_a_form(
    app: Flask, client: FlaskClient, link: str
):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post(f"{link}/stop", follow_redirects=True)

    assert "sends you nothing more" in answer.text
    assert "Stop messages" not in answer.text


def test_they_see_what_goes_and_are_erased(client: FlaskClient, link: str):
    shown = client.get(f"{link}/erase").text
    gone = client.post(f"{link}/erase").text

    assert "1 subscription" in shown.casefold()
    assert "It is erased" in gone
    after = client.get(link)
    assert after.status_code == 404
    assert [word for word in WORDS if word in (gone + after.text).casefold()] == []


@pytest.mark.parametrize("more", ["", "/erase"])
def test_another_address_tells_only_that_it_is_over(client: FlaskClient, link: str, more: str):
    answer = client.get(f"{link[:-2]}xx{more}")

    assert answer.status_code == 404
    assert "This link is over" in answer.text


@pytest.mark.parametrize("what", ["stop", "erase"])
def test_nothing_is_done_for_another_address(client: FlaskClient, link: str, what: str):
    answer = client.post(f"{link[:-2]}xx/{what}")

    assert answer.status_code == 404
    assert "Stop messages" in client.get(link).text


def test_an_operator_sees_the_same_page_without_its_buttons(
    runtime: Runtime, known: Known, marketer: FlaskClient
):
    number = known.visitor.id
    runtime.session.close()
    card = marketer.get(f"/audience/visitors/{number}").text
    path = card.partition('href="/privacy/messages/')[2].partition('"')[0]

    page = marketer.get(f"/privacy/messages/{path}").text

    assert "The sofarot sofa is yours." in page
    assert "<form" not in page


@pytest.mark.parametrize("path", ["", "/erase"])
def test_every_page_is_in_the_language_of_the_delivery(
    runtime: Runtime, known: Known, client: FlaskClient, path: str
):
    runtime.session.get_one(Delivery, known.to_all.id).language = "fr"
    runtime.session.commit()
    link = f"/why/{token_of(runtime, known)}"
    runtime.session.close()

    assert '<html lang="fr"' in client.get(link + path).text
    if path:
        assert '<html lang="fr"' in client.post(link + path).text


def test_an_account_of_the_house_is_offered_no_erasure(
    runtime: Runtime, known: Known, client: FlaskClient, link: str
):
    make_service(runtime, internal_name="quastenfink", remote_id="z90210z")

    assert "Erase what you know of me" not in client.get(link).text
    assert client.get(f"{link}/erase").status_code == 404
    answer = client.post(f"{link}/erase")
    assert (answer.status_code, "<script" in answer.text) == (404, False)


def test_the_link_that_ends_messages_asks_before_it_acts(client: FlaskClient, link: str):
    page = link.replace("/why/", "/stop/")

    for method in ("GET", "HEAD", "GET"):
        assert client.open(page, method=method).status_code == 200
    assert refusals() == []
    assert "Stop messages" in client.get(page).text

    for _again in range(2):
        answer = client.post(page, follow_redirects=True)
        assert "sends you nothing more" in answer.text
    assert refusals() == ["link"]


def test_one_click_of_a_mail_program_ends_them_without_a_redirect(client: FlaskClient, link: str):
    page = link.replace("/why/", "/stop/")

    answer = client.post(page, data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, refusals()) == (200, ["one_click"])


def refusals() -> list[str]:
    """Where each refusal came from that is written down."""
    said = select(Consent.source).where(Consent.answer == Answer.OPT_OUT).order_by(Consent.id)
    found = [source.value for source in db.session.scalars(said)]
    db.session.rollback()
    return found


def test_who_guesses_links_has_to_wait_and_who_has_one_does_not(client: FlaskClient, link: str):
    answers = [client.get(f"/stop/4711.guess{number}").status_code for number in range(40)]
    refused = client.get("/why/4711.guess")

    assert (answers[0], answers[-1], refused.status_code) == (404, 429, 429)
    assert int(refused.headers["Retry-After"]) >= 1
    assert "Too many tries" in refused.text
    assert client.get(link).status_code == 200


def test_they_are_told_from_nobody_by_their_clicks_any_more(
    client: FlaskClient, link: str, runtime: Runtime, known: Known
):
    number, service_id, message = known.visitor.id, known.service.id, message_to(runtime, known)
    row = TrackedLink(
        id=7, delivery_id=message.delivery_id, digest="7", address="https://a.example",
        personal=False, made_at=runtime.now(),
    )  # fmt: skip
    click = Click(
        id=1, key=1, link_id=7, service_id=service_id, message_id=message.id, visitor_id=number,
        at=runtime.now(), quarter=1, kind=ClickKind.PERSON,
    )  # fmt: skip
    runtime.session.add_all([row, click])
    runtime.session.commit()
    runtime.session.close()

    client.post(f"{link}/clicks", data={"refused": "yes"})

    assert "Let my clicks be known again" in client.get(link).text
    assert choices.refuses(runtime, number)
    assert [(row.visitor_id, row.message_id) for row in runtime.session.scalars(select(Click))] == [
        (None, None)
    ]
    runtime.session.close()
    client.post(f"{link}/clicks", data={"refused": "no"})
    assert "Do not track me" in client.get(link).text
