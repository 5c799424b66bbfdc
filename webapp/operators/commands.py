"""Commands about operators."""

import click

from webapp.kernel.console import Console, as_json, emit, pass_console, read_password, table
from webapp.kernel.group import Group
from webapp.operators import passwords, team
from webapp.operators.models import Operator, Role


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
        locked = passwords.hashed(read_password())
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


def _row(item: Operator) -> dict[str, object]:
    return {
        "id": item.id,
        "email": item.email,
        "name": item.name,
        "role": item.role.value,
        "active": item.active,
    }
