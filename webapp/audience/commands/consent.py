"""Commands about consent: record an agreement or a refusal, and decide about a doubt."""

from typing import Any

import click

from webapp.audience import doubts, own_accounts
from webapp.audience.consents import recording, wordings
from webapp.audience.consents.wordings import Wording
from webapp.audience.models import Subscription
from webapp.audience.visitors import people
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.cli.times import Moment
from webapp.kernel.errors import NotFound
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts

MOST = 100

tied = click.option("--service", required=True, metavar="NAME", help="The account it is about.")
said_at = click.option(
    "--at", type=Moment(), help="When, such as '2026-11-20 09:00 Europe/Paris'; now if left out."
)


@click.command("opt-in")
@click.argument("number", type=NUMBER)
@tied
@click.option("--purpose", required=True, help="What they agreed to receive.")
@click.option("--proof", required=True, help="Where and to which words they agreed.")
@click.option("--wording", default="", help="The words they agreed to, as they stood there.")
@click.option("--wording-version", default="", help="Which version of them.")
@click.option("--language", default="", help="The code of their language, such as fr.")
@said_at
@as_json
@pass_console
def opt_in(console: Console, /, *, number: int, service: str, as_json: bool, **given: Any) -> None:
    """Record that somebody agreed to direct messages of an account; NUMBER is the visitor's id.

    Example: ./run visitor opt-in 12 --service ateliernord --purpose News --proof "Form at the door"
    """
    with console.runtime() as runtime:
        tie = _tie(runtime, number, service)
        agreement = recording.Agreement(wording=_wording(given), **given)
        row = recording.record_opt_in(runtime, tie.id, agreement)
        said = f"The opt-in for {row.service.shown_name} is recorded."
        emit(_standing(runtime, row), said, as_json=as_json)


@click.command("opt-out")
@click.argument("number", type=NUMBER)
@tied
@click.option("--note", default="", help="Where they said so, such as by phone.")
@said_at
@as_json
@pass_console
def opt_out(console: Console, /, *, number: int, service: str, as_json: bool, **given: Any) -> None:
    """Record that somebody wants no direct messages of an account; NUMBER is the visitor's id.

    Example: ./run visitor opt-out 12 --service ateliernord --note "By phone"
    """
    with console.runtime() as runtime:
        tie = _tie(runtime, number, service)
        row = recording.record_stop(runtime, tie.id, **given)
        said = f"{row.service.shown_name} sends this person nothing more."
        emit(_standing(runtime, row), said, as_json=as_json)


@click.command("doubts")
@as_json
@pass_console
def list_doubts(console: Console, *, as_json: bool) -> None:
    """List whom a message holds that looks like a refusal, those who wait longest first.

    Example: ./run visitor doubts --json
    """
    with console.looking() as runtime:
        rows = [
            {
                "id": item.subscription.visitor_id,
                "username": item.subscription.visitor.handle,
                "service": item.subscription.service.internal_name,
                "message": item.note.id,
                "wrote": item.note.text,
            }
            for item in doubts.waiting(runtime, MOST)
        ]
        emit(rows, table(rows, "Nobody is in doubt."), as_json=as_json)


@click.command()
@click.argument("number", type=NUMBER)
@tied
@click.argument("answer", type=click.Choice(["stop", "other"]))
@click.option("--message", type=NUMBER, help="The message you read; the newest if left out.")
@as_json
@pass_console
def decide(console: Console, /, *, number: int, service: str, as_json: bool, **given: Any) -> None:
    """Decide whether a message that looks like a refusal is a STOP; NUMBER is the visitor's id.

    Example: ./run visitor decide 12 stop --service ateliernord --message 7
    """
    with console.runtime() as runtime:
        tie = _tie(runtime, number, service)
        is_stop = given["answer"] == doubts.STOP
        row = doubts.settle(runtime, tie.id, given["message"], is_stop=is_stop)
        name = row.service.shown_name
        said = f"It is no refusal, so {name} may answer."
        if is_stop:
            said = f"{name} sends this person nothing more."
        emit(_standing(runtime, row), said, as_json=as_json)


def _wording(given: dict[str, Any]) -> Wording | None:
    """Take the words that were agreed to out of the options; raise `Invalid` for a strange code."""
    text, version, language = (
        given.pop(name) for name in ("wording", "wording_version", "language")
    )
    return wordings.checked(Wording(text=text.strip(), version=version, language=language))


def _tie(runtime: Runtime, number: int, service: str) -> Subscription:
    """Return what ties a visitor to an account; raise `NotFound`."""
    account = accounts.find(runtime, service)
    for row in people.ties(runtime, people.get(runtime, number)):
        if row.service_id == account.id:
            return row
    raise NotFound(f"This person has nothing to do with {account.shown_name}.")


def _standing(runtime: Runtime, row: Subscription) -> dict[str, object]:
    return {
        "id": row.visitor_id,
        "service": row.service.internal_name,
        "opted_in_at": row.opted_in_at,
        "opted_out_at": row.opted_out_at,
        "consent": own_accounts.standing(runtime, row, row.visitor),
    }
