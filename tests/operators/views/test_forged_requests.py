"""A form that is refused as forged names what stands between the browser and Fanfare."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.kernel.config.settings import Settings

SITE = "https://fanfare.example:8443"
FORM = {"email": "ines@ateliernord.example", "password": "wrong"}


@pytest.fixture
def browser(app_on: Callable[[Settings], Flask], settings: Settings, runtime) -> FlaskClient:
    """A browser of an instance that is reached over HTTPS alone."""
    return app_on(replace(settings, secure_cookies=True)).test_client()


def send(browser: FlaskClient, asked: str, **headers: str) -> str:
    """Open the first form and send it; return what the answer says."""
    page = browser.get("/setup", base_url=asked).text
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    form = FORM | {"csrf_token": token}
    return browser.post("/login", base_url=asked, data=form, headers=headers).text


def test_a_form_sent_where_it_was_opened_is_read(browser: FlaskClient):
    assert "password is wrong" in send(browser, SITE, Referer=f"{SITE}/login")


def test_a_proxy_that_does_not_pass_on_the_port_is_named(browser: FlaskClient):
    said = send(browser, "https://fanfare.example", Referer=f"{SITE}/login")

    assert "fanfare.example:8443" in said
    assert "reverse proxy" in said


def test_a_browser_that_hides_the_page_it_comes_from_is_told_so(browser: FlaskClient):
    assert "Referer" in send(browser, SITE)


def test_cookies_that_never_come_back_over_http_are_named(browser: FlaskClient):
    without_cookies = browser.application.test_client(use_cookies=False)

    assert "https://" in send(without_cookies, "http://fanfare.example")


def test_a_form_of_an_ended_session_is_too_old(app: Flask, client: FlaskClient):
    app.config["WTF_CSRF_ENABLED"] = True

    assert "too old" in client.post("/login", data=FORM).text
