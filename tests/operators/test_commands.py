import json

import pytest
from flask.testing import FlaskClient

from tests.support.cli import Cli
from tests.support.factories import actions
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication.login import LoginRefused, log_in
from webapp.operators.authentication.throttle import TooSoon

PASSWORD = "a quiet harbour in november"


def test_an_operator_is_created_with_a_password_from_standard_input(cli: Cli, runtime: Runtime):
    said = cli("operator", "create", "Ines@ateliernord.example", "--json", stdin=f"{PASSWORD}\n")

    assert said.code == 0
    assert json.loads(said.out)["email"] == "ines@ateliernord.example"
    assert PASSWORD not in said.out + said.err
    listed = json.loads(cli("operator", "list", "--json").out)
    assert [row["role"] for row in listed] == ["marketer"]
    assert "operator.create" in actions(runtime)


def test_a_weak_password_a_bad_address_and_an_unknown_role_are_refused(cli: Cli):
    weak = cli("operator", "create", "ines@ateliernord.example", stdin="short\n")
    bad = cli("operator", "create", "ines", stdin=f"{PASSWORD}\n")
    role = cli("operator", "create", "i@a.example", "--role", "admn", stdin=f"{PASSWORD}\n")

    assert weak.code == bad.code == 1
    assert "characters" in weak.err
    assert "An email has an @" in bad.err
    assert role.code == 2
    assert "admin" in role.err


def test_a_mistyped_command_is_named_with_the_nearest(cli: Cli):
    said = cli("operator", "crate", "ines@ateliernord.example")

    assert said.code == 2
    assert "There is no command crate. Did you mean create?" in said.err


def test_a_password_from_a_file_of_windows_is_what_a_browser_sends(cli: Cli, runtime: Runtime):
    cli("operator", "create", "ines@ateliernord.example", stdin=f"{PASSWORD}\r\n")

    found = log_in(runtime, "ines@ateliernord.example", PASSWORD, address="192.0.2.1")

    assert found.name == "ines"


def test_no_name_gives_orders_to_the_terminal(cli: Cli):
    name = "Eve\x1b[2J\x9b1m\nRoot"
    cli("operator", "create", "eve@elsewhere.example", "--name", name, stdin=f"{PASSWORD}\n")

    said = cli("operator", "list")

    assert "Eve [2J 1m Root" in said.out


MAIL = "ines@ateliernord.example"
NEW = "a horn in the morning"


@pytest.fixture
def ines(cli: Cli) -> str:
    """The sole administrator."""
    made = cli("operator", "create", MAIL, "--role", "admin", stdin=f"{PASSWORD}\n")
    assert made.code == 0, made.err
    return MAIL


@pytest.fixture
def jonas(cli: Cli, ines: str) -> str:
    cli("operator", "create", "jonas@ateliernord.example", stdin=f"{PASSWORD}\n")
    return "jonas@ateliernord.example"


def test_a_role_is_changed_and_the_last_administrator_stays_one(
    cli: Cli, runtime: Runtime, jonas: str
):
    last = cli("operator", "role", MAIL, "viewer")
    said = cli("operator", "role", jonas, "admin")

    assert "The last administrator must stay one." in last.err
    assert (last.code, said.code) == (1, 0)
    assert team.by_email(runtime, jonas).role.value == "admin"
    assert "operator.role" in actions(runtime)


def test_an_operator_is_disabled_and_enabled_again(cli: Cli, runtime: Runtime, jonas: str):
    last = cli("operator", "disable", MAIL)
    off = cli("operator", "disable", jonas)
    with pytest.raises(LoginRefused):
        log_in(runtime, jonas, PASSWORD, address="192.0.2.1")
    link = cli("operator", "link", jonas)
    on = cli("operator", "enable", jonas)

    assert log_in(runtime, jonas, PASSWORD, address="192.0.2.1")
    assert (last.code, off.code, link.code, on.code) == (1, 0, 1, 0)
    assert "Enable them first." in link.err
    assert {"operator.disable", "operator.enable"} <= set(actions(runtime))


def test_a_pause_after_wrong_passwords_is_ended(cli: Cli, runtime: Runtime, ines: str):
    for _ in range(9):
        with pytest.raises((LoginRefused, TooSoon)):
            log_in(runtime, MAIL, "wrong", address="192.0.2.1")

    said = cli("operator", "unlock", MAIL)

    assert said.code == 0
    assert log_in(runtime, MAIL, PASSWORD, address="192.0.2.1")
    assert "operator.unlock" in actions(runtime)


def test_the_sole_administrator_who_forgot_the_password_sets_a_new_one_by_a_link(
    cli: Cli, runtime: Runtime, client: FlaskClient, ines: str
):
    said = cli("operator", "link", MAIL)

    path = said.out.strip().removeprefix("http://127.0.0.1:8000")
    form = {"name": "Inès", "password": NEW, "time_zone": "Europe/Paris"}
    assert path.startswith("/invitation/")
    assert client.post(path, data=form).status_code == 303
    assert log_in(runtime, MAIL, NEW, address="192.0.2.1")
    assert client.get(path).status_code == 404
    assert "operator.invite" in actions(runtime)


def test_a_link_stands_below_the_path_of_the_instance(cli: Cli, ines: str):
    said = cli("operator", "link", MAIL, "--json", SCRIPT_NAME="/fanfare")

    assert "/fanfare/invitation/" in json.loads(said.out)["link"]


@pytest.mark.parametrize("words", [("role", "x@y.example", "admin"), ("unlock", "x@y.example")])
def test_an_email_that_nobody_has_is_said(cli: Cli, words: tuple[str, ...]):
    said = cli("operator", *words)

    assert said.code == 1
    assert "No operator has the email x@y.example." in said.err
