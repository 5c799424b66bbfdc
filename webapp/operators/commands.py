"""Commands about operators."""

import click

from webapp.kernel.console import Console, as_json, emit, pass_console, read_password, table
from webapp.kernel.group import Group
from webapp.operators import agents, passwords, sessions, team
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


def _session_row(item: LoginSession) -> dict[str, object]:
    return {
        "id": item.id,
        "browser": agents.words(item.agent),
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
