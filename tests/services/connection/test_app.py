"""The app that accounts sign in to is entered on a page, encrypted, and shown never again."""

import html

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from plugins.x.sandbox.seed import CLIENT_ID, CLIENT_SECRET
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.support.factories import actions, make_service
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.kernel.sealed import SealedValue
from webapp.operators.models import Role
from webapp.services.channel.context import context_of

PAGE, PLACE = "/settings/apps", "/settings/apps/x"
APP = {"x-client_id": CLIENT_ID, "x-client_secret": CLIENT_SECRET}


@pytest.fixture(autouse=True)
def real(runtime: Runtime, sandbox: RunningSandbox) -> None:
    """X itself is played by its sandbox here."""
    runtime.registry._config["x"] = {"api_url": sandbox.url}


def kept(runtime: Runtime) -> list[bytes]:
    runtime.session.rollback()
    found = list(db.session.scalars(select(SealedValue.ciphertext)))
    db.session.rollback()
    return found


def said(browser: FlaskClient, **typed: str) -> str:
    answer = browser.post(PLACE, data=typed, follow_redirects=True)
    return html.unescape(answer.text)


def test_an_app_that_its_network_knows_is_kept_and_used_at_once(
    runtime: Runtime, admin: FlaskClient
):
    assert "Enter the app" in admin.get("/services/new/x").text

    page = said(admin, **APP)

    assert "The app is kept" in page
    assert "Entered here" in page
    assert not [value for value in (CLIENT_ID, CLIENT_SECRET) if value in page]
    assert "Enter the app" not in admin.get("/services/new/x").text
    assert all(CLIENT_SECRET.encode() not in value for value in kept(runtime))
    assert actions(runtime)[-1] == "channel_app.enter"
    service = make_service(runtime, kind="x", internal_name="ateliernord")
    config = context_of(runtime, service).config
    assert (config["client_id"], config["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (APP | {"x-client_secret": "of another app"}, "without blanks"),
        (APP | {"x-client_secret": "wrong"}, "X does not know this OAuth 2.0 client"),
        ({"x-client_id": "  ", "x-client_secret": "s"}, "This is needed."),
        ({"x-client_id": "c" * 201}, "At most 200 characters."),
    ],
)
def test_an_app_that_cannot_be_right_is_refused_in_words_and_nothing_typed_is_lost(
    runtime: Runtime, admin: FlaskClient, typed: dict[str, str], sentence: str
):
    page = said(admin, **typed)

    assert sentence in page
    assert kept(runtime) == []
    assert f'value="{typed["x-client_id"].strip()}"' in page
    assert f'value="{typed.get("x-client_secret")}"' not in page


def test_a_secret_that_was_typed_before_an_error_need_not_be_typed_again(admin: FlaskClient):
    said(admin, **APP | {"x-client_id": ""})

    assert "The app is kept" in said(admin, **{"x-client_id": CLIENT_ID})


def test_a_network_that_cannot_be_asked_is_named_and_the_app_is_kept(
    runtime: Runtime, admin: FlaskClient, sandbox: RunningSandbox
):
    sandbox.tell("faults", kind="status", status=503, operation="token", count=1)

    page = said(admin, **APP)

    assert "X could not be asked about it" in page
    assert "Entered here" in page


def test_the_environment_wins_as_a_whole_and_the_page_says_so(runtime: Runtime, admin: FlaskClient):
    said(admin, **APP)
    runtime.registry._config["x"] |= {"client_id": "from-outside"}

    assert "The environment sets FANFARE_X_CLIENT_ID" in admin.get(PAGE).text
    assert "The environment sets FANFARE_X_CLIENT_ID" in said(admin, **APP)
    assert len(kept(runtime)) == 1
    service = make_service(runtime, kind="x", internal_name="ateliernord")
    config = context_of(runtime, service).config
    assert config["client_id"] == "from-outside"
    assert config.get("client_secret", "") == ""


def test_what_was_entered_is_removed_and_nobody_signs_in_then(runtime: Runtime, admin: FlaskClient):
    said(admin, **APP)

    admin.post(f"{PLACE}/forget")

    assert "Not entered" in admin.get(PAGE).text
    assert kept(runtime) == []
    assert actions(runtime)[-1] == "channel_app.forget"


def test_only_administrators_see_and_enter_apps(client_as):
    marketer = client_as(Role.MARKETER)

    asked = (marketer.get(PAGE), marketer.post(PLACE, data=APP), marketer.post(f"{PLACE}/forget"))
    assert {answer.status_code for answer in asked} == {403}
