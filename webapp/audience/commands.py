"""Commands about visitors."""

import click

from webapp.audience import people
from webapp.kernel.console import Console, as_json, emit, pass_console, table
from webapp.kernel.runtime import Runtime
from webapp.services import accounts

MOST = 100


@click.group()
def visitor() -> None:
    """Look at the people known from the channels."""


def _query(runtime: Runtime, service: str, words: str, *, messaged: bool) -> people.Query:
    conditions = [{"field": "may_be_messaged", "op": "is", "value": "yes"}] if messaged else []
    return people.Query(
        words=words,
        service_id=accounts.find(runtime, service).id if service else None,
        conditions=conditions,
        size=MOST,
    )


@visitor.command("list")
@click.option("--service", default="", help="Only those of this account.")
@click.option("--search", "words", default="", help="How the name or username begins.")
@click.option("--may-be-messaged", "messaged", is_flag=True, help="Only who may be messaged.")
@as_json
@pass_console
def list_visitors(
    console: Console, service: str, words: str, *, messaged: bool, as_json: bool
) -> None:
    """List the hundred visitors with the most friends."""
    with console.runtime() as runtime:
        query = _query(runtime, service, words, messaged=messaged)
        rows = [
            {
                "id": line.visitor.id,
                "username": line.visitor.handle,
                "name": line.visitor.name,
                "friends": line.visitor.friends,
                "verified": line.visitor.verified,
            }
            for line in people.search(runtime, query).lines
        ]
        emit(rows, table(rows, "Nobody matches."), as_json=as_json)


@visitor.command()
@click.option("--service", default="", help="Only those of this account.")
@click.option("--search", "words", default="", help="How the name or username begins.")
@click.option("--may-be-messaged", "messaged", is_flag=True, help="Only who may be messaged.")
@as_json
@pass_console
def count(console: Console, service: str, words: str, *, messaged: bool, as_json: bool) -> None:
    """Count visitors."""
    with console.runtime() as runtime:
        number = people.count(runtime, _query(runtime, service, words, messaged=messaged))
        emit({"count": number}, str(number), as_json=as_json)
