import json

from tests.commanding import Cli
from tests.factories import actions
from webapp.kernel.runtime import Runtime
from webapp.operators.login import log_in

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
