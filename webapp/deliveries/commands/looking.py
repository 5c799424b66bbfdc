"""Commands that show deliveries and what happened to each recipient."""

import click
from sqlalchemy import select

from webapp.deliveries.approval import settlement
from webapp.deliveries.commands.shared import delivery, find, row
from webapp.deliveries.models import Arrival, Delivery, MessageState
from webapp.deliveries.queries import log
from webapp.deliveries.queries.progress import progress
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.config.command_name import RUN

MOST = 50


@delivery.command("list")
@as_json
@pass_console
def list_deliveries(console: Console, *, as_json: bool) -> None:
    """List the fifty newest deliveries.

    Example: ./run delivery list
    """
    query = select(Delivery).where(Delivery.listed()).order_by(Delivery.id.desc())
    with console.looking() as runtime:
        rows = [row(item) for item in runtime.session.scalars(query.limit(MOST))]
        emit(rows, table(rows, "There is no delivery yet."), as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def status(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Print how a delivery stands.

    Example: ./run delivery status 7
    """
    with console.looking() as runtime:
        found = find(runtime, delivery_id)
        seen = progress(runtime, found)
        counts = seen.counts | seen.arrivals
        words = ", ".join(f"{number} {state}" for state, number in counts.items() if number)
        text = (
            f"{found.label}: {found.state.value}. {words or 'No message yet'}. {found.wait_reason}"
        )
        if seen.written is not None:
            text = f"{text.rstrip()} {_being_written(found, seen.written)}"
        needs = bool(settlement.to_settle(runtime, [found.id]))
        if needs:
            text = f"{text.rstrip()} It needs somebody: {RUN} delivery settle {found.id}"
        told = row(found) | counts | {"to_settle": needs, "written": seen.written}
        emit(told, text.rstrip(), as_json=as_json)


def _being_written(found: Delivery, number: int) -> str:
    whole = found.analysis.get("eligible")
    of = f" of {whole}" if isinstance(whole, int) else ""
    return f"{number}{of} messages are written."


@delivery.command("log")
@click.argument("delivery_id", type=NUMBER)
@click.option(
    "--state",
    type=click.Choice([item.value for item in (*MessageState, *Arrival)]),
    help="Only messages in this state.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, for spreadsheets.")
@as_json
@pass_console
def show_log(
    console: Console, delivery_id: int, state: str | None, *, as_csv: bool, as_json: bool
) -> None:
    """Print what happened to each recipient.

    Example: ./run delivery log 7 --state failed --csv > failed.csv
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json are two forms of the log; ask for one of them.")
    with console.looking() as runtime:
        find(runtime, delivery_id)
        lines = log.export(runtime, delivery_id, state=state or "")
        if as_csv:
            for line in log.sheet(lines, runtime.zone):
                click.echo(line, nl=False)
        else:
            rows = list(lines)
            emit(rows, table(rows, "No message yet."), as_json=as_json)
