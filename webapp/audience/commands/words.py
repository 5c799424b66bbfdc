"""Commands about the words that end messages on this instance."""

import click

from channels import Wish
from webapp.audience import own_words
from webapp.audience.models import OwnWord
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group


@click.group(cls=Group)
def words() -> None:
    """Manage the words that end messages, beside those that Fanfare knows."""


@words.command("list")
@as_json
@pass_console
def list_words(console: Console, *, as_json: bool) -> None:
    """List the words that were added.

    Example: ./run words list --json
    """
    with console.looking() as runtime:
        rows = [_row(item) for item in own_words.every(runtime)]
        emit(rows, table(rows, "No word was added yet."), as_json=as_json)


@words.command()
@click.argument("word")
@click.option(
    "--meaning",
    type=click.Choice([Wish.STOP.value, Wish.DOUBT.value]),
    default=Wish.STOP.value,
    show_default=True,
    help="stop: no more messages; doubt: none until an operator decides.",
)
@as_json
@pass_console
def add(console: Console, word: str, meaning: str, *, as_json: bool) -> None:
    """Add a word or phrase; messages kept before are read again.

    Example: ./run words add "lass gut sein" --meaning doubt
    """
    with console.runtime() as runtime:
        row = own_words.add(runtime, word, Wish(meaning))
        emit(_row(row), f"“{row.words}” is added.", as_json=as_json)


@words.command()
@click.argument("word")
@as_json
@pass_console
def remove(console: Console, word: str, *, as_json: bool) -> None:
    """Take a word away that was added; who was heard by it stays as they are.

    Example: ./run words remove "lass gut sein"
    """
    with console.runtime() as runtime:
        row = own_words.find(runtime, word)
        removed = _row(row)
        own_words.remove(runtime, row.id)
        emit(removed, f"“{removed['words']}” is removed.", as_json=as_json)


def _row(item: OwnWord) -> dict[str, object]:
    return {
        "id": item.id,
        "words": item.words,
        "meaning": item.meaning,
        "added_by": item.added_by,
        "added_at": item.added_at,
    }
