"""Below a path of the host, cookies are for that path alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import Role

MAIL, PASSWORD = "ines@ateliernord.example", "a horn in the morning"
BELOW = "http://localhost/fanfare"


@pytest.fixture
def client(app: Flask, runtime: Runtime) -> FlaskClient:
    locked = passwords.hashed(PASSWORD)
    team.create(runtime, name="Inès", email=MAIL, role=Role.ADMIN, password_hash=locked)
    return app.test_client()


def cookies(client: FlaskClient, site: str) -> dict[str, str]:
    """The path of each cookie that a log-in sets."""
    form = {"email": MAIL, "password": PASSWORD, "stay": "y"}
    answer = client.post("/login", data=form, base_url=site)
    set_to = [value.split("; ") for value in answer.headers.getlist("Set-Cookie")]
    return {
        parts[0].split("=")[0]: next(part for part in parts if part.startswith("Path="))
        for parts in set_to
    }


def test_every_cookie_stays_below_the_path_of_the_instance(client: FlaskClient):
    found = cookies(client, BELOW)

    assert found == dict.fromkeys(("fanfare", "fanfare_stay", "fanfare_device"), "Path=/fanfare")


def test_an_instance_that_has_a_host_to_itself_sets_them_for_all_of_it(client: FlaskClient):
    assert set(cookies(client, "http://localhost").values()) == {"Path=/"}


@pytest.mark.parametrize("path", ["/a; Domain=example", "/a\r\nX: y"])
def test_a_path_cannot_end_the_cookie_and_say_more(client: FlaskClient, path: str):
    form = {"email": MAIL, "password": PASSWORD}

    answer = client.post("/login", data=form, environ_overrides={"SCRIPT_NAME": path})

    assert all("Path=/;" in f"{one};" for one in answer.headers.getlist("Set-Cookie"))


def test_who_logs_in_below_a_path_stays_logged_in_there_and_logs_out(client: FlaskClient):
    cookies(client, BELOW)

    assert client.get("/profile", base_url=BELOW).status_code == 200
    client.post("/logout", base_url=BELOW)
    assert client.get("/profile", base_url=BELOW).status_code == 303
