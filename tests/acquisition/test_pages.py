"""Pages are made, put online as versions that stay, and read by whoever may."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.acquisition.conftest import made, online
from tests.acquisition.test_answers import BROWSER, days
from tests.support.factories import make_service
from tests.support.pictures import photo
from webapp.acquisition import content, counting, pages, pictures, presenting, publishing
from webapp.acquisition.models import AcquisitionPage, AcquisitionVersion, PageKind
from webapp.acquisition.pages import NewPage
from webapp.audience.models import ConsentScope
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.one_database
PERSON = {"User-Agent": BROWSER}


@pytest.fixture
def service(runtime: Runtime, brand: Service) -> Service:
    runtime.registry._config["x"] = {"sandbox_url": "http://127.0.0.1:9"}
    return brand


def test_what_people_read_stays_while_the_draft_changes(runtime: Runtime, service: Service):
    page = online(runtime, service)
    draft = content.read(page.draft)
    new = replace(draft.in_language("en"), title="Another title")
    pages.keep(runtime, page, draft.with_words("en", new))
    runtime.session.commit()

    before = publishing.shown(runtime, page)
    publishing.put_online(runtime, page.id, page.edition)
    after = publishing.shown(runtime, page)

    assert before.content.in_language("en").title == "Share with us"
    assert (before.number, after.number) == (1, 2)
    assert after.content.in_language("en").title == "Another title"
    seals = runtime.session.scalars(select(AcquisitionVersion.seal)).all()
    assert len(set(seals)) == 2


def test_a_page_that_lacks_something_stays_where_it_is(runtime: Runtime, service: Service):
    new = NewPage(kind=PageKind.SHARE, service_id=service.id, label="Spring", language="en")
    page = pages.create(runtime, new)
    pages.add_language(runtime, page.id, "fr", page.edition)

    with pytest.raises(Conflict) as refused:
        publishing.put_online(runtime, page.id, page.edition)

    for words in ("privacy notice", "missing in English", "missing in French"):
        assert words in refused.value.message


def test_nobody_overwrites_what_they_did_not_see(runtime: Runtime, service: Service):
    page = made(runtime, service)
    edition = page.edition
    pages.add_language(runtime, page.id, "fr", edition)

    with pytest.raises(Conflict):
        pages.add_language(runtime, page.id, "de", edition)


def test_an_account_nobody_signs_in_to_has_no_page_online(runtime: Runtime):
    page = made(runtime, make_service(runtime))

    with pytest.raises(Conflict, match="cannot sign in"):
        publishing.put_online(runtime, page.id, page.edition)


def test_programs_are_counted_apart_and_sources_are_few(
    runtime: Runtime, service: Service, client: FlaskClient
):
    slug = online(runtime, service).slug
    client.get(f"/p/{slug}", headers=PERSON)
    client.get(f"/p/{slug}", headers={"User-Agent": "Twitterbot/1.0"})
    for number in range(counting.MOST_SOURCES + 3):
        client.get(f"/p/{slug}?src=s{number}", headers=PERSON)

    found = {day.source: (day.viewed, day.fetched) for day in days()}

    assert found[""] == (1, 1)
    assert found[counting.OTHERS] == (3, 0)
    assert len(found) == counting.MOST_SOURCES + 2


def test_the_page_is_read_in_the_language_that_somebody_reads(
    runtime: Runtime, service: Service, client: FlaskClient
):
    page = made(runtime, service)
    draft = content.read(page.draft)
    words = replace(draft.in_language("en"), title="Partagez <b>avec nous</b>")
    french = replace(draft, languages=("en", "fr")).with_words("fr", words)
    pages.keep(runtime, page, french)
    runtime.session.commit()
    slug = publishing.put_online(runtime, page.id, page.edition).slug

    read = client.get(f"/p/{slug}", headers={"Accept-Language": "fr-CA, en;q=0.5"})

    assert 'lang="fr"' in read.text
    assert "Partagez &lt;b&gt;avec nous&lt;/b&gt;" in read.text
    assert presenting.language_of(french, ["de"]) == "en"


def test_headers_are_strict_and_no_cookie_is_set_for_looking(
    runtime: Runtime, service: Service, client: FlaskClient
):
    answer = client.get(
        f"/p/{online(runtime, service).slug}?src=https://evil.example/", headers=PERSON
    )
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:9;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
    assert "evil.example/" not in answer.text


def test_a_page_asks_between_its_beginning_and_its_end(
    runtime: Runtime, service: Service, client: FlaskClient
):
    now = runtime.now()
    soon = online(runtime, service, starts_at=now + timedelta(hours=1)).slug
    over = online(runtime, service, ends_at=now - timedelta(seconds=1)).slug
    draft = made(runtime, service)

    assert "not open yet" in client.get(f"/p/{soon}").text
    assert client.get(f"/p/{over}").status_code == 410
    assert client.post(f"/p/{over}/start").status_code == 410
    assert client.get(f"/p/{draft.slug}").status_code == 404
    assert "You see a draft" in client.get(f"/p/-/draft/{draft.preview_key}").text
    assert client.get("/p/-/draft/none").status_code == 404


def test_a_picture_is_one_whatever_it_is_called(
    runtime: Runtime, service: Service, client: FlaskClient
):
    page = made(runtime, service)
    with pytest.raises(Invalid):
        pictures.bring(runtime, page.id, b"<svg onload=alert(1)>", page.edition)

    page = pictures.bring(runtime, page.id, photo("PNG"), page.edition)
    shown = client.get(f"/p/{page.slug}/picture/{content.read(page.draft).picture}")

    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_the_editor_keeps_what_was_typed_and_says_what_is_wrong(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    page = made(runtime, service)
    number, where = page.id, f"/acquisition/{page.id}"
    given = {
        "edition": str(page.edition), "language": "en", "label": "Spring", "slug": "Not A Slug",
        "title": "Hello", "privacy_url": "javascript:alert(1)", "mode": "automatic",
        "ends_day": "2026-13-01", "ends_clock": "25:00",
    }  # fmt: skip
    db.session.rollback()

    late = marketer.post(where, data=given)
    wrong = marketer.post(where, data=given | {"ends_day": "", "ends_clock": ""})
    right = {
        "slug": "hello",
        "privacy_url": "https://a.example/p",
        "agrees_messages": "y",
        "asks_email": "y",
    }
    saved = marketer.post(where, data=given | {"ends_day": "", "ends_clock": ""} | right)

    assert "Write the day as" in late.text
    assert 'value="javascript:alert(1)"' in wrong.text
    for words in ("Write the whole address", "small letters, figures and dashes"):
        assert words in wrong.text
    assert saved.status_code == 303
    db.session.rollback()
    draft = content.read(db.session.get(AcquisitionPage, number).draft)
    assert (draft.fields, draft.scopes) == (("email",), (ConsentScope.MESSAGES,))


def test_a_page_goes_online_and_is_closed_by_its_buttons(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    page = made(runtime, service)
    where, edition = f"/acquisition/{page.id}", page.edition
    db.session.rollback()

    assert marketer.post(f"{where}/online", data={"edition": edition}).status_code == 303
    assert "Online since" in marketer.get(where).text
    assert marketer.post(f"{where}/close", data={"edition": edition + 1}).status_code == 303
    assert "Put it online again" in marketer.get(where).text
    assert "Spring list" in marketer.get("/acquisition").text
