"""Sessions end on the server: a copied cookie dies with them, and each can be seen and ended."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests.support.cli import Cli, engine_of
from tests.support.factories import actions
from webapp.app import runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords, sessions
from webapp.operators.models import LoginSession, Role

PASSWORD = "a horn in the morning"
MAIL = "ines@ateliernord.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


@contextmanager
def inside(app: Flask) -> Iterator[Runtime]:
    """A runtime that lasts for a moment: what stays open would be taken for another's request."""
    with app.app_context():
        yield runtime_of(app, trusted("test"))
        db.session.remove()


@pytest.fixture
def ines(app: Flask) -> int:
    """An administrator who may log in; each request of these tests has a context of its own."""
    locked = passwords.hashed(PASSWORD)
    with inside(app) as runtime:
        made = team.create(runtime, name="Inès", email=MAIL, role=Role.ADMIN, password_hash=locked)
    return made.id


def browser(app: Flask, agent: str = FIREFOX, **more: str) -> FlaskClient:
    """A browser in which Inès is logged in."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    client.post("/login", data={"email": MAIL, "password": PASSWORD, **more})
    assert client.get("/profile").status_code == 200
    return client


def copy_of(client: FlaskClient, app: Flask) -> FlaskClient:
    """Another browser with the same cookies."""
    thief = app.test_client()
    for name in ("fanfare", "fanfare_stay"):
        cookie = client.get_cookie(name)
        if cookie:
            thief.set_cookie(name, cookie.value)
    return thief


def is_out(client: FlaskClient) -> bool:
    answer = client.get("/profile")
    return answer.status_code == 303 and answer.location.startswith("/login")


@pytest.mark.usefixtures("ines")
@pytest.mark.parametrize("stay", ["", "y"])
def test_a_cookie_copied_before_the_log_out_lets_nobody_in_after_it(app: Flask, stay: str):
    client = browser(app, stay=stay)
    thief = copy_of(client, app)
    assert not is_out(thief)

    client.post("/logout")

    assert is_out(thief)


@pytest.mark.usefixtures("ines")
def test_a_log_out_leaves_the_other_sessions(app: Flask):
    here, there = browser(app), browser(app)

    here.post("/logout")

    assert is_out(here)
    assert not is_out(there)


@pytest.mark.usefixtures("ines")
def test_a_copied_cookie_does_not_live_through_a_new_password(app: Flask):
    client = browser(app, stay="y")
    thief = copy_of(client, app)

    client.post("/profile/password", data={"old": PASSWORD, "password": "another horn at night"})

    assert not is_out(client)
    assert client.get_cookie("fanfare_stay")
    assert is_out(thief)


def test_another_role_ends_the_sessions_of_whoever_gets_it(
    client_as: Callable[[Role], FlaskClient],
):
    marketer, admin = client_as(Role.MARKETER), client_as(Role.ADMIN)
    assert not is_out(marketer)

    admin.post("/settings/operators/1/role", data={"role": "viewer"})

    assert is_out(marketer)
    assert not is_out(admin)


def test_the_same_role_again_ends_nothing(client_as: Callable[[Role], FlaskClient]):
    marketer, admin = client_as(Role.MARKETER), client_as(Role.ADMIN)

    admin.post("/settings/operators/1/role", data={"role": "marketer"})

    assert not is_out(marketer)


def test_a_link_for_a_new_password_ends_what_was_open_when_it_is_used(app: Flask, ines: int):
    client = browser(app)
    with inside(app) as runtime:
        token = team.invite_again(runtime, ines)
    assert not is_out(client)

    with inside(app) as runtime:
        team.accept(runtime, token, name="", password="another horn at night")

    assert is_out(client)


@pytest.mark.usefixtures("ines")
def test_the_profile_lists_each_session_in_words_and_ends_one(app: Flask):
    here, there = browser(app), browser(app, EDGE)

    page = here.get("/profile").text
    other = re.findall(r'action="/profile/sessions/(\d+)/end"', page)[0]
    answer = here.post(f"/profile/sessions/{other}/end")

    assert "Firefox on Linux" in page
    assert "Edge on Windows" in page
    assert "this one" in page
    assert answer.location == "/profile"
    assert is_out(there)
    assert not is_out(here)
    with inside(app) as runtime:
        assert "operator.end_session" in actions(runtime)


@pytest.mark.usefixtures("ines")
def test_ending_the_present_session_leads_to_the_log_in(app: Flask):
    client = browser(app)

    answer = client.post("/profile/sessions/1/end")

    assert answer.location == "/login"
    assert is_out(client)


@pytest.mark.usefixtures("ines")
def test_all_other_sessions_end_at_once(app: Flask):
    here, there, phone = browser(app), browser(app), browser(app, IPHONE, stay="y")

    here.post("/profile/sessions/end")

    assert not is_out(here)
    assert is_out(there)
    assert is_out(phone)


def test_nobody_ends_or_sees_the_session_of_another_on_the_profile(
    client_as: Callable[[Role], FlaskClient],
):
    marketer, admin = client_as(Role.MARKETER), client_as(Role.ADMIN)

    answer = marketer.post("/profile/sessions/2/end")

    assert answer.status_code == 404
    assert not is_out(admin)
    assert "/profile/sessions/2/end" not in marketer.get("/profile").text


def test_an_administrator_sees_and_ends_the_sessions_of_an_operator(
    client_as: Callable[[Role], FlaskClient],
):
    marketer, admin = client_as(Role.MARKETER), client_as(Role.ADMIN)
    assert not is_out(marketer)

    page = admin.get("/settings/operators/1/sessions").text
    strange = admin.post("/settings/operators/2/sessions/1/end")
    admin.post("/settings/operators/1/sessions/1/end")

    assert "192.0.2.9" in page
    assert strange.status_code == 404
    assert is_out(marketer)


def test_an_administrator_ends_all_sessions_of_an_operator_but_the_present_one(
    client_as: Callable[[Role], FlaskClient],
):
    marketer, admin = client_as(Role.MARKETER), client_as(Role.ADMIN)

    admin.post("/settings/operators/1/sessions/end")
    admin.post("/settings/operators/2/sessions/end")

    assert is_out(marketer)
    assert not is_out(admin)


@pytest.mark.usefixtures("ines")
def test_the_command_line_lists_and_ends_sessions(app: Flask, cli: Cli):
    first, second = browser(app), browser(app, EDGE)
    listed = json.loads(cli("operator", "sessions", MAIL, "--json").out)

    one = cli("operator", "log-out", MAIL, "--session", str(listed[0]["id"]), "--json")
    rest = cli("operator", "log-out", MAIL.upper())
    nobody = cli("operator", "log-out", "eve@elsewhere.example")

    assert {row["browser"] for row in listed} == {"Firefox on Linux", "Edge on Windows"}
    assert json.loads(one.out) == {"email": MAIL, "ended": 1}
    assert rest.out == "1 session is ended.\n"
    assert (nobody.code, "No operator has the email" in nobody.err) == (1, True)
    assert is_out(first)
    assert is_out(second)


def test_a_session_is_noted_once_in_some_minutes_and_no_other_page_writes(
    app: Flask, admin: FlaskClient
):
    written: list[str] = []
    engine = engine_of(app)

    def saw(_connection, _cursor, statement, *_more):
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "SET", "BEGIN")):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", saw)
    admin.get("/profile")
    at_once, written[:] = list(written), []
    with app.app_context():
        row = db.session.scalars(select(LoginSession)).one()
        row.seen_at -= 2 * sessions.SEEN_EVERY
        old = row.seen_at
        db.session.commit()
    written.clear()
    admin.get("/profile")
    later = list(written)
    event.remove(engine, "before_cursor_execute", saw)

    assert at_once == []
    # SQLite begins the transaction anew before its first write, which ends the one that read.
    written_then = [said.split()[:2] for said in later if said != "COMMIT"]
    assert written_then == [["UPDATE", "login_session"]]
    with app.app_context():
        assert db.session.scalars(select(LoginSession.seen_at)).one() > old


def test_a_page_is_shown_at_once_although_another_program_holds_the_database(
    app: Flask, admin: FlaskClient
):
    """On SQLite one writer shuts out all others; the note of who was seen waits for none."""
    with app.app_context():
        row = db.session.scalars(select(LoginSession)).one()
        row.seen_at -= 2 * sessions.SEEN_EVERY
        db.session.commit()
    with engine_of(app).connect() as other:
        other.execute(select(LoginSession).with_for_update())
        assert admin.get("/profile").status_code == 200
