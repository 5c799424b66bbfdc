"""Only who can read the console becomes the first administrator."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.support.cli import Cli
from tests.support.factories import first_token_of
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import setup_token, team

HERE = "203.0.113.9"
FIRST = {
    "name": "Inès Laurent",
    "email": "ines@ateliernord.example",
    "password": "a horn in the morning",
    "time_zone": "Europe/Paris",
}


@pytest.mark.parametrize("token", ["", "AAAA-AAAA-AAAA-AAAA", "é", " "])
def test_a_stranger_without_the_token_creates_nobody_and_loses_nothing(
    client: FlaskClient, runtime: Runtime, token: str
):
    answer = client.post("/setup", data=FIRST | {"token": token})

    assert answer.status_code == 422
    assert "console" in answer.text.split('id="token-err"')[1][:400]
    assert FIRST["name"] in answer.text
    assert not team.exists_any(runtime)


def test_a_wrong_token_stands_in_the_log_with_the_address_and_not_with_the_token(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
):
    typed = FIRST | {"token": "AAAA-AAAA"}

    client.post("/setup", data=typed, environ_overrides={"REMOTE_ADDR": HERE})

    assert f"A wrong token for the first run came from {HERE}." in caplog.text
    assert "AAAA" not in caplog.text


@pytest.mark.parametrize("typed", [str.lower, lambda told: told.replace("-", " ")])
def test_the_token_counts_however_it_is_typed(client: FlaskClient, runtime: Runtime, typed):
    token = typed(first_token_of(client.application))

    answer = client.post("/setup", data=FIRST | {"token": token})

    assert answer.status_code == 303
    assert team.exists_any(runtime)


def test_every_process_of_an_instance_makes_the_same_token_and_others_do_not(settings: Settings):
    other = replace(settings, secret_key="another key of another instance")

    assert setup_token.token(settings) == setup_token.token(replace(settings))
    assert not setup_token.fits(settings, setup_token.token(other), HERE)


def test_the_page_itself_does_not_hold_the_token(client: FlaskClient):
    page = client.get("/setup").text

    assert first_token_of(client.application) not in page


def test_the_console_prints_the_link_until_there_is_an_administrator(
    cli: Cli, app: Flask, client: FlaskClient
):
    before = cli("operator", "first", "--json")
    client.post("/setup", data=FIRST | {"token": first_token_of(app)})
    after = cli("operator", "first")

    assert json.loads(before.out)["link"].endswith(f"/setup#{first_token_of(app)}")
    assert after.code == 1
    assert "has an administrator already" in after.err


@pytest.mark.browser
def test_the_link_fills_the_token_in_and_takes_it_out_of_the_address(
    page: Page, site: str, app: Flask
):
    token = first_token_of(app)

    page.goto(f"{site}/setup#{token}")

    expect(page.get_by_label("Token")).to_have_value(token)
    expect(page).to_have_url(f"{site}/setup")
    expect(page.get_by_label("Your name")).to_be_focused()


@pytest.mark.browser
def test_the_first_field_of_the_first_run_is_ready_to_type_in(page: Page, site: str):
    page.goto(f"{site}/setup")

    expect(page.get_by_label("Token")).to_be_focused()


@pytest.mark.browser
def test_the_link_counts_in_a_tab_that_shows_the_page_already(page: Page, site: str, app: Flask):
    token = first_token_of(app)
    page.goto(f"{site}/setup")
    expect(page.get_by_label("Token")).to_be_focused()

    page.goto(f"{site}/setup#{token}")

    expect(page.get_by_label("Token")).to_have_value(token)
    expect(page).to_have_url(f"{site}/setup")


def test_who_came_in_by_the_first_run_has_logged_in(client: FlaskClient, app: Flask):
    typed = FIRST | {"token": first_token_of(app)}
    client.post("/setup", data=typed)

    row = client.get("/settings/operators").text.split("<tbody>")[1].split("</tbody>")[0]

    assert "never" not in row
