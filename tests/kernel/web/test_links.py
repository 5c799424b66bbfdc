"""Links for people begin with the address that was set, whatever a request calls the host."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.app import runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict
from webapp.kernel.web import links
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import Role

MAIL, PASSWORD = "ines@ateliernord.example", "a horn in the morning"
GUEST = {"email": "jonas@ateliernord.example", "role": "reviewer"}
SITE = "http://evil.example"
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "Forwarded": "host=evil.example;proto=https",
}


@pytest.fixture
def admin_on(settings: Settings, app_on: Callable[[Settings], Flask]) -> Callable[..., FlaskClient]:
    """A function that returns an administrator's browser on an instance with other settings."""

    def made(**changes: object) -> FlaskClient:
        app = app_on(replace(settings, **changes))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            locked = passwords.hashed(PASSWORD)
            runtime = runtime_of(app, trusted("test"))
            team.create(runtime, name="I", email=MAIL, role=Role.ADMIN, password_hash=locked)
            db.session.remove()
        client = app.test_client()
        # The host of every request of these tests is forged.
        client.post("/login", base_url=SITE, data={"email": MAIL, "password": PASSWORD})
        return client

    return made


def link_in(page: str) -> str:
    found = re.search(r'<code id="link">(\S+)/invitation/', page)
    return found[1] if found else ""


@pytest.mark.parametrize("proxies", [0, 1])
def test_an_invitation_begins_with_the_public_address_whatever_the_request_says(
    admin_on, proxies: int
):
    client = admin_on(public_url="https://fanfare.example", proxies=proxies, secure_cookies=False)

    first = client.post("/settings/operators", data=GUEST, base_url=SITE, headers=FORGED)
    again = client.post("/settings/operators/2/invitation", base_url=SITE, headers=FORGED)

    for page in (first.text, again.text):
        assert link_in(page) == "https://fanfare.example"
        assert "evil.example" not in page
        assert "on this machine alone" not in page


def test_on_this_machine_alone_a_link_leads_to_it_and_says_so(admin_on):
    page = admin_on(host="127.0.0.1", port=8123).post(
        "/settings/operators", data=GUEST, base_url=SITE, headers=FORGED
    )

    assert link_in(page.text) == "http://127.0.0.1:8123"
    assert "It opens on this machine alone" in page.text


def test_where_others_come_in_nobody_is_invited_without_a_public_address(admin_on):
    client = admin_on(host="0.0.0.0")

    refused = client.post("/settings/operators", base_url=SITE, data=GUEST)
    again = client.post("/settings/operators/1/invitation", base_url=SITE)

    assert (refused.status_code, again.status_code) == (422, 409)
    for answer in (refused, again):
        assert "Set FANFARE_PUBLIC_URL to the address that people open" in answer.text
    assert "invited, the link works" not in client.get("/settings/operators", base_url=SITE).text


@pytest.mark.parametrize(
    ("host", "begins"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("127.8.8.8", "http://127.8.8.8:8000"),
        ("localhost", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("0.0.0.0", None),
        ("::", None),
        ("192.0.2.4", None),
        ("fanfare.example", None),
        ("", None),
    ],
)
def test_only_an_address_of_this_machine_stands_in_for_the_public_one(
    host: str, begins: str | None
):
    if begins is None:
        with pytest.raises(Conflict):
            links.base(Settings(host=host))
    else:
        assert links.base(Settings(host=host)) == begins


@pytest.mark.parametrize(
    ("public", "set_to", "kept"),
    [
        ("https://fanfare.example", None, True),
        ("http://fanfare.example", None, False),
        ("", None, False),
        ("https://fanfare.example", False, False),
        ("", True, True),
    ],
)
def test_cookies_are_for_https_alone_where_the_public_address_is(
    public: str, *, set_to: bool | None, kept: bool
):
    settings = Settings(public_url=public, secure_cookies=set_to)

    assert settings.https_only is kept
