"""An account is connected by a sign-in, once, by whoever began it; anything else stores nothing."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from plugins.x.sandbox.seed import credentials
from tests.plugins.x.sandbox.running import IDS, RunningSandbox
from tests.support.consenting import answer
from tests.support.factories import actions, make_service
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.channel import session_store
from webapp.services.channel.context import context_of
from webapp.services.connection import accounts
from webapp.services.models import Service, ServiceState, SessionRefresh, SignIn, StateValue

BACK = "/services/sign-in/x/back"


@pytest.fixture(autouse=True)
def beside(runtime: Runtime, sandbox: RunningSandbox) -> None:
    runtime.registry._config["x"] = {"sandbox_url": sandbox.url}


def begun(browser: FlaskClient, path: str = "/services/new/x/sign-in") -> str:
    """Begin a sign-in; return the address it leads to."""
    began = browser.post(path, data={"sandbox": "1"})
    assert began.status_code == 303, began.text
    page = browser.get(began.location).text
    return html.unescape(re.search(r'href="([^"]*/i/oauth2/authorize[^"]*)"', page)[1])


def back(browser: FlaskClient, told: dict[str, str]) -> str:
    """Come back from the network; return the page this leads to."""
    answered = browser.get(BACK, query_string=told)
    assert answered.status_code == 303
    assert "code" not in answered.location
    return html.unescape(browser.get(answered.location).text)


def stored(runtime: Runtime) -> list[Service]:
    db.session.rollback()
    return list(db.session.scalars(select(Service).where(Service.removed_at.is_(None))))


def fresh(runtime: Runtime) -> Runtime:
    """A runtime that sees what the requests left."""
    return replace(runtime, session=db.session())


def path_of(runtime: Runtime, service: Service) -> str:
    """Where a sign-in of an account is begun; the test holds no lock from then on."""
    path = f"/services/{service.id}/sign-in"
    runtime.session.rollback()
    return path


def signed_in(browser: FlaskClient, **given) -> str:
    return back(browser, answer(begun(browser), **given))


def test_whoever_signs_in_and_allows_all_is_connected(runtime: Runtime, admin: FlaskClient):
    page = signed_in(admin)

    (service,) = stored(runtime)
    assert (service.internal_name, service.label) == ("ateliernord", "Atelier Nord")
    assert (service.is_sandbox, service.state) == (True, ServiceState.CONNECTED)
    assert "is connected by a sign-in" in page
    rows = db.session.scalars(select(StateValue).where(StateValue.ciphertext.is_not(None))).all()
    assert {row.name for row in rows} == {"oauth2_access_token", "oauth2_refresh_token"}
    assert all(row.text == "" for row in rows)
    assert service.renew_at is not None
    assert [row.step.value for row in db.session.scalars(select(SessionRefresh))] == ["sign_in"]


def test_settings_of_who_signed_in_ask_for_no_key(runtime: Runtime, admin: FlaskClient):
    signed_in(admin)
    (service,) = stored(runtime)

    page = admin.get(f"/services/{service.id}/settings")
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page.text)[1]
    saved = admin.post(
        f"/services/{service.id}/settings",
        data={
            "label": "The workshop",
            "internal_name": "ateliernord",
            "folder": "Services",
            "visitor_folder": "Visitors",
            "daily_cap": "100",
            "channel-sandbox": "y",
            "seen": seen,
        },
    )

    assert saved.status_code == 303, saved.text
    assert [item.label for item in stored(runtime)] == ["The workshop"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"refuse": "1"}, "Nobody allowed it on X, so nothing was stored."),
        ({"allowed": ["tweet.read", "users.read"]}, "Missing: Publish posts"),
    ],
    ids=["refused", "in part"],
)
def test_what_is_not_allowed_stores_nothing(
    runtime: Runtime, admin: FlaskClient, given: dict, said: str
):
    assert said in signed_in(admin, **given)
    assert stored(runtime) == []


def test_an_answer_counts_once(runtime: Runtime, admin: FlaskClient):
    told = answer(begun(admin))
    back(admin, told)

    assert "came back once already" in back(admin, told)
    assert len(stored(runtime)) == 1


@pytest.mark.parametrize("state", ["", "a state of nobody"])
def test_a_state_that_nobody_began_is_refused(runtime: Runtime, admin: FlaskClient, state: str):
    told = answer(begun(admin)) | {"state": state}

    assert "did not begin that sign-in" in back(admin, told)
    assert stored(runtime) == []


def test_another_browser_cannot_finish_a_sign_in(runtime: Runtime, admin: FlaskClient, app):
    told = answer(begun(admin))
    with app.app_context():
        other = db.session.scalars(select(SignIn)).one()
        other.holder = "another session"
        db.session.commit()

    assert "did not begin that sign-in" in back(admin, told)
    assert stored(runtime) == []


def test_a_sign_in_that_takes_too_long_is_over(runtime: Runtime, admin: FlaskClient):
    address = begun(admin)
    row = db.session.scalars(select(SignIn)).one()
    row.ends_at = row.began_at + timedelta(microseconds=1)
    db.session.commit()

    assert "longer than ten minutes" in back(admin, answer(address))
    assert stored(runtime) == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"error": "server_error", "error_description": "<b>Later</b>"}, "ended the sign-in: <b>"),
        ({"code": "invented"}, "Sign in again."),
        ({}, "sent nobody back"),
    ],
    ids=["error", "wrong code", "nothing"],
)
def test_what_else_comes_back_is_a_sentence(
    runtime: Runtime, admin: FlaskClient, told: dict, said: str
):
    state = answer(begun(admin))["state"]

    assert said in back(admin, told | {"state": state})
    assert stored(runtime) == []


def test_an_account_that_is_connected_keeps_its_keys_and_gets_new_tokens(
    runtime: Runtime, admin: FlaskClient
):
    service = make_service(
        runtime, kind="x", internal_name="ateliernord", remote_id=IDS["ateliernord"],
        settings={"sandbox": True}, is_sandbox=True, state=ServiceState.NEEDS_FIXING,
    )  # fmt: skip

    back(admin, answer(begun(admin, path_of(runtime, service))))

    (service,) = stored(runtime)
    assert service.state is ServiceState.CONNECTED
    context = context_of(fresh(runtime), service)
    assert session_store.names_of(context)
    assert context.secret("token") == "good"
    assert actions(fresh(runtime))[-1] == "service.sign_in"


def test_another_account_than_the_wanted_one_stores_nothing(runtime: Runtime, admin: FlaskClient):
    service = make_service(
        runtime, kind="x", internal_name="atelier_proof", remote_id=IDS["atelier_proof"],
        settings={"sandbox": True}, is_sandbox=True,
    )  # fmt: skip

    page = back(admin, answer(begun(admin, path_of(runtime, service))))

    assert "@ateliernord signed in, not @atelier_proof" in page
    assert session_store.names_of(context_of(fresh(runtime), stored(runtime)[0])) == []


def test_keys_that_somebody_types_take_the_place_of_the_session(
    runtime: Runtime, admin: FlaskClient
):
    signed_in(admin)
    (service,) = stored(runtime)
    draft = accounts.ServiceDraft(
        label="Keys",
        internal_name="ateliernord",
        settings={"sandbox": True},
        secrets=credentials("ateliernord"),
    )
    # The signature is of the time of this instance, which stands three hours before the sandbox.
    runtime.clock.advance(timedelta(hours=3))
    number = service.id
    db.session.rollback()
    accounts.change(fresh(runtime), number, draft)

    (service,) = stored(runtime)
    assert session_store.names_of(context_of(fresh(runtime), service)) == []
    assert [row.step.value for row in db.session.scalars(select(SessionRefresh))] == [
        "sign_in",
        "back",
    ]


def test_only_administrators_begin_a_sign_in(client_as, sandbox: RunningSandbox):
    marketer = client_as(Role.MARKETER)

    assert marketer.post("/services/new/x/sign-in").status_code == 403
    assert marketer.get(BACK, query_string={"state": "s", "code": "c"}).status_code == 403


def test_a_code_that_comes_back_to_nobody_stands_in_no_further_address(client: FlaskClient):
    answered = client.get(BACK, query_string={"state": "s", "code": "c0de"})

    assert answered.location == f"/login?next={BACK}"


def test_without_an_app_the_page_says_what_is_missing(admin: FlaskClient, runtime: Runtime):
    runtime.registry._config["x"] = {"api_url": "https://api.x.com"}

    assert "FANFARE_X_CLIENT_ID" in admin.get("/services/new/x").text
    answered = admin.post("/services/new/x/sign-in")
    assert "FANFARE_X_CLIENT_ID" in admin.get(answered.location).text
