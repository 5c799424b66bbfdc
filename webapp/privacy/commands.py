"""Commands about privacy: a copy of somebody's data, and the wishes to be erased."""

from typing import Any

import click

from webapp.audience.visitors import people
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER
from webapp.privacy import copy, erasing, wishes
from webapp.privacy.models import ErasureWish


@click.group(cls=Group)
def privacy() -> None:
    """Give people a copy of what is stored about them, or erase them."""


@privacy.command("copy")
@click.argument("number", type=NUMBER)
@as_json
@pass_console
def copy_of(console: Console, *, number: int, as_json: bool) -> None:
    """Print what is stored about a person; NUMBER is the visitor's id.

    As JSON it is the copy that they may ask for; else it tells how much there is.

    Example: ./run privacy copy 12 --json > person.json
    """
    with console.runtime() as runtime:
        document = copy.document(runtime, number)
        held = erasing.held(runtime, people.get(runtime, number))
        emit(document, "\n".join(item.words for item in held), as_json=as_json)


@privacy.command("list")
@as_json
@pass_console
def list_wishes(console: Console, *, as_json: bool) -> None:
    """List the wishes to be erased, those that wait first.

    Example: ./run privacy list
    """
    with console.looking() as runtime:
        rows = [_row(wish) for wish in wishes.newest(runtime)]
        emit(rows, table(rows, "Nobody asked to be erased."), as_json=as_json)


@privacy.command()
@click.argument("number", type=NUMBER)
@as_json
@pass_console
def ask(console: Console, *, number: int, as_json: bool) -> None:
    """Write down that a person wants to be erased; NUMBER is the visitor's id.

    Nobody writes to them from then on. It prints what an erasure would take.

    Example: ./run privacy ask 12
    """
    with console.runtime() as runtime:
        wish = wishes.ask(runtime, number)
        held = erasing.held(runtime, wish.visitor) if wish.visitor else ()
        told = "\n".join(f"  {item.words}" for item in held)
        said = f"Wish {wish.id} is written down. An erasure takes away or empties:\n{told}"
        emit(_row(wish), said, as_json=as_json)


@privacy.command()
@click.argument("number", type=NUMBER)
@as_json
@pass_console
def withdraw(console: Console, *, number: int, as_json: bool) -> None:
    """Keep a person after all; NUMBER is that of the wish.

    Example: ./run privacy withdraw 3
    """
    with console.runtime() as runtime:
        wish = wishes.withdraw(runtime, number)
        emit(_row(wish), "The person is kept.", as_json=as_json)


@privacy.command()
@click.argument("number", type=NUMBER)
@click.option("--name", required=True, help="The username of the person, so that it is no other.")
@as_json
@pass_console
def erase(console: Console, /, *, number: int, name: str, as_json: bool) -> None:
    """Erase a person for good; NUMBER is that of the wish.

    Example: ./run privacy erase 3 --name ana_ruiz
    """
    with console.runtime() as runtime:
        wish = erasing.erase(runtime, number, name)
        told = "\n".join(f"  {item.words}" for item in erasing.gone(runtime, wish))
        emit(_row(wish), f"The person is erased:\n{told}", as_json=as_json)


def _row(wish: ErasureWish) -> dict[str, Any]:
    return {
        "wish": wish.id,
        "state": wish.shown_state,
        "person": wish.visitor_id,
        "asked": wish.asked_at.isoformat(timespec="minutes"),
        "by": wish.asked_by,
    }
