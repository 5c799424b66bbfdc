"""Commands about visitors."""

from collections.abc import Callable
from typing import Any

import click

from webapp.audience.commands import consent
from webapp.audience.filters import cli_parser
from webapp.audience.filters.url_codec import meant, said
from webapp.audience.visitors import paging, people
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts

MOST = 100


@click.group(cls=Group)
def visitor() -> None:
    """Look at the people known from the channels, and record what they agreed to."""


for _command in (
    consent.opt_in,
    consent.opt_out,
    consent.list_doubts,
    consent.decide,
):
    visitor.add_command(_command)


def selection(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which visitors are meant."""
    for option in (
        click.option(
            "--may-be-messaged", "messaged", is_flag=True, help="Only people who may be messaged."
        ),
        click.option("--where", multiple=True, metavar="CONDITION", help=cli_parser.HELP),
        click.option("--search", "words", default="", help="How the name or username begins."),
        click.option("--service", default="", metavar="NAME", help="Only those of this account."),
    ):
        command = option(command)
    return command


def _query(runtime: Runtime, given: dict[str, Any], **page: Any) -> people.Query:
    conditions = cli_parser.conditions(given["where"], runtime.zone)
    if given["messaged"]:
        conditions.append({"field": "may_be_messaged", "op": "is", "value": "yes"})
    return people.Query(
        words=given["words"],
        service_id=accounts.find(runtime, given["service"]).id if given["service"] else None,
        conditions=conditions,
        **page,
    )


@visitor.command("list")
@selection
@click.option(
    "--sort", type=click.Choice([said(name) for name in paging.SORTS]), default="followers"
)
@click.option(
    "--ascending", is_flag=True, help="The smallest, oldest or first by letter at the top."
)
@click.option("--size", type=click.IntRange(1, 1000), default=MOST, show_default=True)
@click.option("--after", type=NUMBER, help="Id of the last visitor on the page before.")
@as_json
@pass_console
def list_visitors(console: Console, /, *, as_json: bool, **given: Any) -> None:
    """List a page of visitors, those with the most followers first.

    Example: ./run visitor list --service ateliernord --where followers.more.500 --sort name
    """
    page = {
        "sort": meant(given["sort"]),
        "descending": not given["ascending"],
        "size": given["size"],
        "after": given["after"],
    }
    with console.looking() as runtime:
        found = people.search(runtime, _query(runtime, given, **page))
        rows = [_row(line) for line in found.lines]
        text = table(rows, "Nobody matches.")
        if found.later:
            text += f"\nThere are more: --after {rows[-1]['id']}"
        emit(rows, text, as_json=as_json)


def _row(line: people.Line) -> dict[str, object]:
    return {
        "id": line.visitor.id,
        "username": line.visitor.handle,
        "name": line.visitor.name,
        "followers": line.visitor.follower_count,
        "verified": line.visitor.verified,
    }


@visitor.command()
@selection
@as_json
@pass_console
def count(console: Console, /, *, as_json: bool, **given: Any) -> None:
    """Count visitors.

    Example: ./run visitor count --service ateliernord --may-be-messaged
    """
    with console.looking() as runtime:
        number = people.count(runtime, _query(runtime, given))
        emit({"count": number}, str(number), as_json=as_json)
