"""Somebody takes back what they agreed to although the page is closed, and is asked nothing."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.acquisition.conftest import online
from tests.acquisition.test_answers import WHO, asked, count, days, send
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.support.consenting import answer
from webapp.acquisition import publishing
from webapp.acquisition.models import AcquisitionPage, AcquisitionVisit
from webapp.audience.models import Answer, Consent
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.one_database


@pytest.fixture
def closed(
    runtime: Runtime, brand: Service, sandbox: RunningSandbox, client: FlaskClient
) -> AcquisitionPage:
    """A page that somebody answered before it was closed."""
    page = online(runtime, brand)
    slug = page.slug
    runtime.session.commit()
    send(client, slug, asked(client, slug), share=["email"], agree=["messages"])
    db.session.rollback()
    runtime.session.expire_all()
    page = publishing.close(runtime, page.id, page.edition)
    runtime.session.commit()
    return page


def came(browser: FlaskClient, slug: str, **given: str | list[str]) -> str:
    """Sign in to take something back; return the page that follows."""
    shown = browser.get(f"/p/{slug}")
    assert shown.status_code == 410
    path = re.search(r'action="([^"]+take_back[^"]*)"', shown.text)[1]
    began = browser.post(path)
    assert began.status_code == 303, began.text
    assert "users.email" not in began.location
    told = answer(began.location, **{"handle": WHO, **given})
    back = browser.get("/p/-/back/x", query_string=told)
    return browser.get(back.location).text if back.status_code == 303 else back.text


def answers() -> list[Answer]:
    db.session.rollback()
    found = [row.answer for row in db.session.scalars(select(Consent).order_by(Consent.id))]
    db.session.rollback()
    return found


def test_what_was_agreed_is_taken_back_on_a_page_that_is_closed(
    closed: AcquisitionPage, client: FlaskClient
):
    slug, before = closed.slug, [(day.started, day.refused) for day in days()]
    db.session.rollback()
    shown = came(client, slug)
    assert "Direct messages" in shown

    done = send(client, slug, shown, answer="take_back")

    assert "It is taken back" in done.text
    assert answers() == [Answer.OPT_IN, Answer.OPT_IN, Answer.OPT_OUT, Answer.OPT_OUT]
    assert count(AcquisitionVisit) == 0
    assert [(day.started, day.refused) for day in days()] == before
    db.session.rollback()
    assert "You agreed to nothing here" in came(client, slug)


@pytest.mark.parametrize("said", ["refuse", "accept"])
def test_whoever_comes_to_take_back_can_accept_nothing(
    closed: AcquisitionPage, client: FlaskClient, said: str
):
    shown = came(client, closed.slug)

    done = send(client, closed.slug, shown, answer=said, agree=["email"])

    assert done.status_code in (200, 410)
    assert answers() == [Answer.OPT_IN, Answer.OPT_IN]


def test_who_agreed_to_nothing_is_told_so_and_nothing_of_them_is_kept(
    closed: AcquisitionPage, client: FlaskClient
):
    shown = came(client, closed.slug, handle="atelier_proof")

    assert "account of the house" in shown or "You agreed to nothing here" in shown
    assert count(AcquisitionVisit) == 0
