"""A page is spread by ways that name their source, and its results tell how far people came."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from plugins.x.sharing import XSharing
from tests.acquisition.conftest import made, online
from tests.acquisition.test_pages import PERSON
from webapp.acquisition import checking, content, counting, results, spreading
from webapp.deliveries.models import Delivery
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.one_database


@pytest.fixture
def service(runtime: Runtime, brand: Service) -> Service:
    runtime.registry._config["x"] = {"sandbox_url": "http://127.0.0.1:9"}
    return brand


def test_a_post_with_the_text_and_the_link_is_one_click_away(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    page = online(runtime, service)
    number, slug = page.id, page.slug
    db.session.rollback()

    began = marketer.post(f"/acquisition/{number}/deliver")

    assert "/compose" in began.location
    delivery = db.session.query(Delivery).one()
    assert [item.id for item in delivery.services] == [service.id]
    assert "We write once a month." in delivery.content
    assert delivery.content.endswith(f"/p/{slug}?src=post")


def test_a_draft_is_spread_by_no_post(runtime: Runtime, service: Service):
    with pytest.raises(Conflict):
        spreading.deliver(runtime, made(runtime, service))


def test_a_way_is_a_code_and_a_link_that_hold_its_source_and_nothing_else(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    page = online(runtime, service)
    assert spreading.choose(runtime, page, "  Spring Fair! ") == "spring-fair"
    with pytest.raises(Invalid):
        spreading.choose(runtime, page, "…")
    number = page.id
    db.session.rollback()

    shown = marketer.get(f"/acquisition/{number}/spread?src=spring-fair").text
    drawn = marketer.get(f"/acquisition/{number}/code.svg?src=<script>")
    printed = marketer.get(f"/acquisition/{number}/code.png?src=spring-fair&download=1")

    assert "/p/spring-list?src=spring-fair" in shown
    assert "&lt;a href=" in shown
    assert drawn.data.startswith(b"<?xml")
    assert b"script" not in drawn.data
    assert printed.data.startswith(b"\x89PNG")
    assert "spring-list-spring-fair.png" in printed.headers["Content-Disposition"]


def test_the_results_add_up_by_source(runtime: Runtime, service: Service, marketer: FlaskClient):
    page = online(runtime, service)
    number, slug = page.id, page.slug
    counting.count(runtime, page, "fair", "viewed", "started")
    counting.count(runtime, page, "fair", "viewed")
    counting.count(runtime, page, "", "fetched")
    runtime.session.commit()

    found = results.of_page(runtime, page)
    db.session.rollback()
    shown = marketer.get(f"/acquisition/{number}/results").text

    assert [source for source, _steps in found.sources] == ["fair", ""]
    assert (found.whole["viewed"], found.whole["fetched"], found.whole["started"]) == (2, 1, 1)
    assert "fair" in shown
    assert marketer.get(f"/p/{slug}", headers=PERSON).status_code == 200


@pytest.mark.parametrize(
    ("text", "minded"),
    [
        ("Follow us and win a lamp.", True),
        ("Suivez-nous et gagnez une lampe !", True),
        ("Follow the news here. Everybody on the list may win a lamp.", False),
        ("Share your profile and get our catalogue.", False),
    ],
)
def test_words_that_pay_for_what_people_do_on_the_network_are_minded(text: str, *, minded: bool):
    assert bool(list(XSharing().check(text))) is minded


def test_the_editor_says_what_the_network_minds(runtime: Runtime, service: Service):
    page = made(runtime, service)
    draft = content.read(page.draft)
    words = replace(draft.in_language("en"), text="Repost this to win a lamp.")

    (warning,) = checking.warnings(runtime, page, draft.with_words("en", words))

    assert "Repost this to win a lamp" in warning
    assert checking.warnings(runtime, page, draft) == []
