"""Commands that edit or move a delivery that waits for its time."""

from datetime import datetime

import click

from webapp.deliveries.approval import rescheduling
from webapp.deliveries.commands.shared import delivery, find, row
from webapp.kernel.cli.console import Console, as_json, emit, pass_console
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.cli.times import Moment
from webapp.kernel.text.formats import date_zone


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def unschedule(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Make a delivery that waits for its time a draft again.

    Example: ./run delivery unschedule 7
    """
    with console.runtime() as runtime:
        found = rescheduling.unschedule(runtime, find(runtime, delivery_id).id)
        emit(row(found), f"{found.label}: {found.state.value}.", as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@click.option(
    "--at",
    type=Moment(),
    required=True,
    help="When to begin, such as '2026-12-01 09:00 Europe/Paris'.",
)
@as_json
@pass_console
def reschedule(console: Console, delivery_id: int, at: datetime, *, as_json: bool) -> None:
    """Begin at another time what waits for its time; its proof and all else stay.

    Example: ./run delivery reschedule 7 --at '2026-12-01 09:00 Europe/Paris'
    """
    with console.runtime() as runtime:
        found = rescheduling.reschedule(runtime, find(runtime, delivery_id).id, at)
        words = f"{found.label} begins {date_zone(found.scheduled_at)}."
        emit(row(found), words, as_json=as_json)
