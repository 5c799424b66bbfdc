"""The commands that make a draft."""

import sys
from typing import Any

import click
from sqlalchemy import select

from webapp.audience.filters import cli_parser
from webapp.audience.models import Visitor
from webapp.audience.visitors import people
from webapp.deliveries import kinds
from webapp.deliveries.commands.shared import delivery, find, row
from webapp.deliveries.control import delete
from webapp.deliveries.drafts import copying, editing, templates
from webapp.deliveries.models import Delivery, DeliveryKind, Template
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, read_text
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.cli.times import Moment, Span
from webapp.kernel.config.command_name import RUN
from webapp.kernel.errors import FanfareError, Invalid, NotFound
from webapp.kernel.folding import fold
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.naming import bare, written
from webapp.kernel.text.suggestions import near
from webapp.services.connection import accounts


@delivery.command()
@click.option("--kind", required=True, help="post, direct, or a kind that its channel brings.")
@click.option("--service", "services", multiple=True, required=True, help="Account to send from.")
@click.option("--label", required=True, help="What your team calls the delivery.")
@click.option("--text", default="", help="The message; standard input if left out.")
@click.option("--subject", default="", help="Its subject, where its kind has one.")
@click.option("--template", "template_name", default="", help="Name of the template to start from.")
@click.option("--where", multiple=True, metavar="CONDITION", help=cli_parser.HELP)
@click.option(
    "--everyone", is_flag=True, help="Write to all subscribers, whether they asked for it or not."
)
@click.option("--at", type=Moment(), help="When to begin, such as '2026-12-01 09:00 Europe/Paris'.")
@click.option("--valid-for", type=Span(), help="How long it may take, such as 5d or 36h.")
@click.option("--waves", type=NUMBER, help="Messages a day, at most.")
@click.option("--proof-account", default="", help="Account that proofs go to.")
@click.option("--proof-person", default="", help="Username of the person whose data fill a proof.")
@as_json
@pass_console
def create(console: Console, /, *, as_json: bool, **given: Any) -> None:
    """Make a draft.

    Example: ./run delivery create --kind post --service ateliernord --label Doors < post.txt
    """
    with console.runtime() as runtime:
        new, changes = _wanted(runtime, given)
        made = editing.create(runtime, new)
        try:
            made = editing.edit(runtime, made.id, changes)
            if given["everyone"]:
                made = editing.accept_everyone(runtime, made.id)
        except FanfareError:
            delete.remove(runtime, made.id)
            raise
        emit(row(made), _sentence(made), as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def rest(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Make a draft for exactly those whom an ended delivery did not reach.

    Example: ./run delivery rest 7
    """
    with console.runtime() as runtime:
        made = copying.send_to_the_rest(runtime, find(runtime, delivery_id).id)
        emit(row(made), _sentence(made), as_json=as_json)


def _sentence(made: Delivery) -> str:
    return f"Delivery {made.id} is a draft. Next: {RUN} delivery analyse {made.id}"


def _wanted(
    runtime: Runtime, given: dict[str, Any]
) -> tuple[editing.NewDelivery, editing.DeliveryChanges]:
    """Check everything that was given before anything is made."""
    services = [accounts.find(runtime, name) for name in given["services"]]
    kind, channel = _kind(given["kind"]), services[0].kind
    template = _template(runtime, channel, kind, given["template_name"])
    new = editing.NewDelivery(
        kind=kind,
        channel=channel,
        label=given["label"],
        service_ids=[item.id for item in services],
        template_id=template.id if template else None,
    )
    return new, editing.DeliveryChanges(**_changes(runtime, channel, given))


def _kind(name: str) -> DeliveryKind:
    try:
        return kinds.named(name)
    except KeyError as cause:
        known = [item.name for item in kinds.EVERY]
        raise Invalid(f"There is no kind {name}. {near(name, known)}".rstrip()) from cause


def _changes(runtime: Runtime, channel: str, given: dict[str, Any]) -> dict[str, Any]:
    text = given["text"] or ("" if sys.stdin.isatty() else read_text())
    if not text.strip() and not given["template_name"]:
        raise Invalid("Give the message with --text, on standard input, or with --template.")
    wanted = {
        "content": text.strip() or None,
        "subject": given["subject"] or None,
        "filters": cli_parser.conditions(given["where"], runtime.zone) or None,
        "scheduled_at": given["at"],
        "valid_for": given["valid_for"],
        "wave_size": given["waves"],
    }
    if given["proof_account"]:
        wanted["proof_service_id"] = accounts.find(runtime, given["proof_account"]).id
    if given["proof_person"]:
        wanted["proof_visitor_id"] = _person(runtime, channel, given["proof_person"])
    return {name: value for name, value in wanted.items() if value is not None}


def _template(runtime: Runtime, channel: str, kind: DeliveryKind, name: str) -> Template | None:
    if not name:
        return None
    known = {
        item.name: item
        for item in templates.every(runtime)
        if item.channel == channel and item.kind == kind
    }
    if name not in known:
        raise NotFound(f"There is no template {name} for this. {near(name, known)}".rstrip())
    return known[name]


def _person(runtime: Runtime, channel: str, username: str) -> int:
    handle = fold(bare(username))
    query = select(Visitor.id).where(Visitor.kind == channel, Visitor.handle_key == handle)
    found = runtime.session.scalar(query)
    if found is None:
        begins = people.Query(words=handle[:3], size=people.SIZES[-1])
        known = [line.visitor.handle for line in people.search(runtime, begins).lines]
        hint = near(handle, known) if len(known) > 1 else ""
        raise NotFound(f"No visitor is called {written(channel, handle)}. {hint}".rstrip())
    return found
