from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.factories import first_token_of
from webapp.kernel.audit import AuditEntry
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

FIRST = {
    "name": "Inès Laurent",
    "email": "ines@ateliernord.example",
    "password": "a horn in the morning",
}


def test_a_new_instance_leads_from_any_page_to_the_first_run(client: FlaskClient):
    answer = client.get("/", follow_redirects=True)

    assert "administrator" in answer.text
    assert answer.request.path == "/setup"


def test_the_first_run_logs_the_administrator_in(client: FlaskClient):
    answer = client.post("/setup", data=FIRST | {"token": first_token_of(client.application)})

    assert answer.status_code == 303
    assert answer.location == "/setup/begin"
    assert client.get("/setup/begin").status_code == 200


def test_who_is_not_logged_in_yet_is_anonymous_in_the_audit(client: FlaskClient, runtime: Runtime):
    client.post("/setup", data=FIRST | {"token": first_token_of(client.application)})

    entry = runtime.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).first()
    assert (entry.action, entry.actor) == ("operator.create", "anonymous")


def test_the_first_run_closes_behind_the_first_administrator(client: FlaskClient, app):
    client.post("/setup", data=FIRST | {"token": first_token_of(client.application)})

    answer = app.test_client().post(
        "/setup",
        data=FIRST
        | {"token": first_token_of(client.application), "email": "eve@elsewhere.example"},
    )

    assert answer.location == "/login"


def test_a_wrong_field_keeps_what_was_typed(client: FlaskClient):
    answer = client.post(
        "/setup",
        data=FIRST | {"token": first_token_of(client.application), "email": "ines@ateliernord"},
    )

    assert answer.status_code == 422
    assert "has no dot" in answer.text
    assert "Inès Laurent" in answer.text
    assert FIRST["password"] not in answer.text


def test_the_name_on_the_log_in_page_leads_home_below_a_prefix_too(client: FlaskClient, app):
    client.post("/setup", data=FIRST | {"token": first_token_of(client.application)})

    page = app.test_client().get("/login", environ_overrides={"SCRIPT_NAME": "/fanfare"}).text

    assert '<a class="ff-brand" href="/fanfare/">' in page


def test_log_in_returns_to_the_page_asked_for(client: FlaskClient, app):
    client.post("/setup", data=FIRST | {"token": first_token_of(client.application)})
    browser = app.test_client()
    asked = browser.get("/profile")

    answer = browser.post(asked.location, data=FIRST)

    assert answer.location == "/profile"


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/\\e"])
def test_log_in_never_leads_to_another_site(client: FlaskClient, app, target: str):
    client.post("/setup", data=FIRST | {"token": first_token_of(client.application)})

    answer = app.test_client().post(
        "/login",
        query_string={"next": target},
        data=FIRST,
    )

    assert answer.location == "/"


def test_logging_out_ends_the_session(admin: FlaskClient):
    admin.post("/logout")

    assert admin.get("/profile").status_code == 303


def test_a_refused_invitation_leaves_its_page_marked_in_the_settings(admin: FlaskClient):
    answer = admin.post("/settings/operators", data={"email": "nobody", "role": "viewer"})

    assert answer.status_code == 422
    assert '<a href="/settings/operators" aria-current="page">' in answer.text


def test_an_invited_operator_sets_a_password_and_is_in(admin: FlaskClient, app):
    page = admin.post(
        "/settings/operators", data={"email": "jonas@ateliernord.example", "role": "reviewer"}
    )
    link = page.text.split("/invitation/")[1].split('"')[0].split("<")[0]

    answer = app.test_client().post(
        f"/invitation/{link}", data={"name": "Jonas Berg", "password": "another horn at night"}
    )

    assert answer.location == "/"


def test_a_used_link_says_what_to_do(client: FlaskClient):
    answer = client.get("/invitation/nothing")

    assert answer.status_code == 404
    assert "administrator can make a new one" in answer.text


def test_the_team_is_for_administrators(client_as: Callable[[Role], FlaskClient]):
    assert client_as(Role.MARKETER).get("/settings/operators").status_code == 403


def test_an_operator_chooses_zone_and_theme(admin: FlaskClient):
    admin.post("/profile", data={"name": "Inès", "language": "en", "time_zone": "America/New_York"})
    admin.post("/profile/theme", data={"theme": "dark"})

    page = admin.get("/profile")

    assert "America/New_York" in page.text
    assert 'data-bs-theme="dark"' in page.text


def test_an_unknown_zone_is_named(admin: FlaskClient):
    answer = admin.post(
        "/profile", data={"name": "Inès", "language": "en", "time_zone": "Middle-earth/Shire"}
    )

    assert answer.status_code == 422
    assert "no such time zone" in answer.text


def test_a_database_that_cannot_be_opened_gets_its_own_sentence(
    settings: Settings, app_on: Callable[[Settings], Flask], tmp_path: Path
):
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "fanfare.sqlite3").touch()
    mounted = replace(settings, database_url=f"sqlite:///{disk / 'fanfare.sqlite3'}")
    browser = app_on(mounted).test_client()
    disk.rename(tmp_path / "gone")
    with browser.session_transaction() as session:
        session["_user_id"] = "somebody"

    answer = browser.get("/", follow_redirects=True)

    assert answer.status_code == 503
    assert "database cannot be opened" in answer.text
