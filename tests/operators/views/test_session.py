"""Sessions: they begin anew, end for good, stay where they should, and lead nowhere else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.app import runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.web.security import inside
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import Role

PASSWORD = "a horn in the morning"
NEXT = "another horn at night"
MAIL = "ines@ateliernord.example"


@pytest.fixture
def ines(app: Flask) -> None:
    """An operator who may log in; each request of these tests has a context of its own."""
    locked = passwords.hashed(PASSWORD)
    with app.app_context():
        runtime = runtime_of(app, trusted("test"))
        team.create(runtime, name="Inès", email=MAIL, role=Role.ADMIN, password_hash=locked)
        db.session.remove()


def log_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> str:
    """Log in and return where it led."""
    answer = client.post("/login", data={"email": MAIL, "password": password, **more})
    return answer.location or ""


@pytest.mark.usefixtures("ines")
def test_nothing_of_an_earlier_session_survives_the_log_in(client: FlaskClient):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"

    log_in(client)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"]


@pytest.mark.usefixtures("ines")
@pytest.mark.parametrize("stay", ["", "y"])
def test_after_log_out_nothing_lets_in_again(client: FlaskClient, stay: str):
    log_in(client, stay=stay)
    assert client.get("/profile").status_code == 200

    client.post("/logout")

    assert client.get_cookie("fanfare_stay") is None
    assert "/login" in client.get("/profile").location


@pytest.mark.usefixtures("ines")
def test_a_new_password_ends_every_other_session(app: Flask):
    here, there, stays = app.test_client(), app.test_client(), app.test_client()
    log_in(here)
    log_in(there)
    log_in(stays, stay="y")

    here.post("/profile/password", data={"old": PASSWORD, "password": NEXT})

    assert here.get("/profile").status_code == 200
    assert "/login" in there.get("/profile").location
    assert "/login" in stays.get("/profile").location


def test_a_disabled_operator_is_out_at_once(
    client_as: Callable[[Role], FlaskClient],
):
    marketer, admin = client_as(Role.MARKETER), client_as(Role.ADMIN)
    assert marketer.get("/profile").status_code == 200

    admin.post("/settings/operators/1/active", data={"active": "no"})

    assert "/login" in marketer.get("/profile").location


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "/\r\nSet-Cookie: a=b",
    "\\/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_an_address_of_another_site_is_never_followed(target: str):
    assert inside(target, "/home") == "/home"


@pytest.mark.usefixtures("ines")
@pytest.mark.parametrize("target", ELSEWHERE)
def test_log_in_and_theme_lead_nowhere_else(client: FlaskClient, target: str):
    answer = client.post(
        "/login", query_string={"next": target}, data={"email": MAIL, "password": PASSWORD}
    )
    theme = client.post("/profile/theme", data={"theme": "dark", "back": target})

    assert (answer.location, theme.location) == ("/", "/profile")


@pytest.mark.usefixtures("ines")
def test_log_in_leads_where_the_operator_wanted_to_go(client: FlaskClient):
    wanted = client.get("/settings/audit?q=a b").location

    answer = client.post(wanted, data={"email": MAIL, "password": PASSWORD})

    assert answer.location.startswith("/settings/audit?q=a")


@pytest.mark.usefixtures("ines")
def test_below_a_path_log_in_and_theme_stay_below_it(client: FlaskClient):
    site = "http://localhost/fanfare"
    asked = client.get("/settings/audit", base_url=site).location
    client.post("/login", base_url=site, data={"email": MAIL, "password": PASSWORD})

    page = client.get("/settings/audit", base_url=site).text

    assert asked == "/fanfare/login?next=/fanfare/settings/audit"
    assert 'name="back" value="/fanfare/settings/audit"' in page


@pytest.mark.usefixtures("ines")
def test_a_log_in_stands_in_the_audit(client: FlaskClient):
    log_in(client)

    assert "operator.log_in" in client.get("/settings/audit").text


@pytest.mark.usefixtures("ines")
def test_over_https_alone_cookies_say_so(settings: Settings, app_on: Callable[[Settings], Flask]):
    safe = replace(settings, secure_cookies=True)
    client = app_on(safe).test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False

    answer = client.post(
        "/login",
        data={"email": MAIL, "password": PASSWORD, "stay": "y"},
        base_url="https://fanfare.example",
    )

    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(cookie.split("=")[0] for cookie in cookies) == [
        "fanfare",
        "fanfare_device",
        "fanfare_stay",
    ]
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_forged_request_of_htmx_is_refused_like_any_other(app: Flask, admin: FlaskClient):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = admin.post("/profile/theme", data={"theme": "dark"}, headers={"HX-Request": "true"})

    assert answer.status_code == 400
