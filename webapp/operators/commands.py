"""Commands about operators."""

import os

import click
from flask import current_app

from webapp.kernel.cli.console import Console, as_json, emit, pass_console, read_password, table
from webapp.kernel.cli.group import Group
from webapp.kernel.errors import Conflict
from webapp.kernel.web import links
from webapp.operators.accounts import setup_token, team
from webapp.operators.authentication import passwords, sessions, throttle, user_agents
from webapp.operators.models import LoginSession, Operator, Role


@click.group(cls=Group)
def operator() -> None:
    """Manage the people who log in."""


@operator.command()
@click.argument("email")
@click.option("--name", default="", help="How others see this operator.")
@click.option(
    "--role",
    type=click.Choice([item.value for item in Role]),
    default="marketer",
    show_default=True,
)
@as_json
@pass_console
def create(console: Console, email: str, name: str, role: str, *, as_json: bool) -> None:
    """Add an operator; the password is asked for, or read from standard input.

    Example: echo "$PASSWORD" | ./run operator create ines@ateliernord.example --role admin
    """
    with console.runtime() as runtime:
        locked = passwords.hashed(read_password(), (name, email))
        made = team.create(runtime, name=name, email=email, role=Role(role), password_hash=locked)
        emit(_row(made), f"{made.email} may log in as {made.role.value}.", as_json=as_json)


@operator.command("list")
@as_json
@pass_console
def list_operators(console: Console, *, as_json: bool) -> None:
    """List the operators.

    Example: ./run operator list --json
    """
    with console.looking() as runtime:
        rows = [_row(item) for item in team.every(runtime)]
        emit(rows, table(rows, "Nobody can log in yet."), as_json=as_json)


@operator.command("first")
@as_json
@pass_console
def first_link(console: Console, *, as_json: bool) -> None:
    """Print the link by which the first administrator is created in a browser.

    Example: ./run operator first
    """
    with console.looking() as runtime:
        if team.exists_any(runtime):
            raise Conflict("This instance has an administrator already: ./run operator link EMAIL")
        made = setup_token.link(runtime.settings)
        emit({"link": made}, made, as_json=as_json)


@operator.command("sessions")
@click.argument("email")
@as_json
@pass_console
def list_sessions(console: Console, email: str, *, as_json: bool) -> None:
    """List the browsers in which an operator is logged in.

    Example: ./run operator sessions ines@ateliernord.example --json
    """
    with console.looking() as runtime:
        found = team.by_email(runtime, email)
        rows = [_session_row(item) for item in sessions.every(runtime, found)]
        emit(rows, table(rows, f"{found.email} is logged in nowhere."), as_json=as_json)


@operator.command("log-out")
@click.argument("email")
@click.option("--session", "number", type=int, help="Only the session with this number.")
@as_json
@pass_console
def log_out(console: Console, email: str, number: int | None, *, as_json: bool) -> None:
    """End the sessions of an operator, or one of them.

    Example: ./run operator log-out ines@ateliernord.example
    """
    with console.runtime() as runtime:
        found, ended = team.by_email(runtime, email), 1
        if number is None:
            ended = sessions.end_others(runtime, found, keep=None)
        else:
            sessions.end(runtime, found, number)
        many = "1 session is" if ended == 1 else f"{ended} sessions are"
        emit({"email": found.email, "ended": ended}, f"{many} ended.", as_json=as_json)


@operator.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice([item.value for item in Role]))
@as_json
@pass_console
def change_role(console: Console, email: str, role: str, *, as_json: bool) -> None:
    """Give an operator another role; the last administrator stays one.

    Example: ./run operator role ines@ateliernord.example admin
    """
    with console.runtime() as runtime:
        found = team.set_role(runtime, team.by_email(runtime, email).id, Role(role))
        emit(_row(found), f"{found.email} is {found.role.value} now.", as_json=as_json)


@operator.command()
@click.argument("email")
@as_json
@pass_console
def disable(console: Console, email: str, *, as_json: bool) -> None:
    """Let an operator log in no longer, and end every session.

    Example: ./run operator disable jonas@ateliernord.example
    """
    with console.runtime() as runtime:
        found = team.set_active(runtime, team.by_email(runtime, email).id, active=False)
        emit(_row(found), f"{found.email} may no longer log in.", as_json=as_json)


@operator.command()
@click.argument("email")
@as_json
@pass_console
def enable(console: Console, email: str, *, as_json: bool) -> None:
    """Let an operator who was disabled log in again.

    Example: ./run operator enable jonas@ateliernord.example
    """
    with console.runtime() as runtime:
        found = team.set_active(runtime, team.by_email(runtime, email).id, active=True)
        emit(_row(found), f"{found.email} may log in again.", as_json=as_json)


@operator.command()
@click.argument("email")
@as_json
@pass_console
def unlock(console: Console, email: str, *, as_json: bool) -> None:
    """End the pause after wrong passwords, for whoever remembers the right one now.

    Example: ./run operator unlock ines@ateliernord.example
    """
    with console.runtime() as runtime:
        found = team.by_email(runtime, email)
        throttle.unlock(runtime, found)
        emit(_row(found), f"{found.email} may try again at once.", as_json=as_json)


@operator.command("link")
@click.argument("email")
@as_json
@pass_console
def make_link(console: Console, email: str, *, as_json: bool) -> None:
    """Print a link by which an operator sets a new password; it works once, for three days.

    Older links end. Whoever reads it can log in as that operator: it is shown this once.

    Example: ./run operator link ines@ateliernord.example
    """
    with console.runtime() as runtime:
        found = team.by_email(runtime, email)
        # Nobody's older link ends for one that cannot be made.
        start = links.base(runtime.settings)
        token = team.invite_again(runtime, found.id)
        made = f"{start}{_path(token)}"
        emit({"email": found.email, "link": made}, made, as_json=as_json)


def _path(token: str) -> str:
    """Return the page of a link, below the path that the web processes are told."""
    below = current_app.url_map.bind("", script_name=os.environ.get("SCRIPT_NAME"))
    return below.build("operators.invitation", {"token": token})


def _session_row(item: LoginSession) -> dict[str, object]:
    return {
        "id": item.id,
        "browser": user_agents.words(item.agent),
        "address": item.address,
        "created_at": item.created_at,
        "seen_at": item.seen_at,
        "ends_at": item.ends_at,
    }


def _row(item: Operator) -> dict[str, object]:
    return {
        "id": item.id,
        "email": item.email,
        "name": item.name,
        "role": item.role.value,
        "active": item.active,
    }
