"""Beginning a delivery."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests.support.factories import make_service
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service, ServiceState


def test_without_an_account_the_way_to_one_is_shown(admin: FlaskClient):
    page = admin.get("/deliveries/new").text

    assert "No account is connected yet" in page
    assert "/services/new/fake" in page


def test_a_kind_is_chosen_first(marketer: FlaskClient, service: Service):
    page = marketer.get("/deliveries/new").text

    assert "Direct message on Fake" in page
    assert "Post on Fake" in page


def test_one_obvious_choice_asks_only_for_a_name(
    marketer: FlaskClient, runtime: Runtime, service: Service
):
    assert "Direct message, 23 Nov" in marketer.get("/deliveries/new?kind=direct").text

    data = {"label": "Spring", "sender": service.id}
    answer = marketer.post("/deliveries/new?kind=direct", data=data)

    made = runtime.session.query(Delivery).one()
    assert answer.location == f"/deliveries/{made.id}/compose"
    assert [item.id for item in made.services] == [service.id]


def test_an_account_that_needs_fixing_is_not_the_one_proposed(
    marketer: FlaskClient, runtime: Runtime
):
    make_service(runtime, internal_name="a_shop", state=ServiceState.NEEDS_FIXING)
    make_service(runtime, internal_name="brand")

    page = marketer.get("/deliveries/new?kind=post").text

    before, chosen = page.split("@brand")[0].rsplit("<input", 1)
    assert "checked" in chosen
    assert "@a_shop" not in before


def test_a_missing_name_is_explained(marketer: FlaskClient, service: Service):
    answer = marketer.post("/deliveries/new?kind=post", data={"label": "", "accounts": service.id})

    assert answer.status_code == 422
    assert "A delivery needs a label." in answer.text


def test_a_test_account_is_never_offered(marketer: FlaskClient, runtime: Runtime):
    make_service(runtime, is_test=True)

    assert "No account is connected yet" in marketer.get("/deliveries/new").text


@pytest.mark.browser
def test_who_presses_again_while_the_server_thinks_makes_one_draft(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime, service: Service
):
    page, asked = page_as(Role.MARKETER), []
    page.goto(f"{site}/deliveries/new?kind=direct")
    page.route("**/deliveries/new?*", lambda route: asked.append(route))  # noqa: PLW0108 - it wants a function

    # Playwright itself would not press while the tab waits for an answer.
    page.evaluate(
        "const b = document.querySelector('form .btn-primary'); b.click(); "
        "setTimeout(() => b.click(), 200)"
    )
    page.wait_for_timeout(500)
    asked[0].continue_()

    page.wait_for_url("**/compose")
    assert len(asked) == 1
    assert runtime.session.query(Delivery).count() == 1
