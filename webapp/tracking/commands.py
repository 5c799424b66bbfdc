"""Commands that show links and clicks, and choose for the links of a draft."""

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy import select

from webapp.deliveries import link_choices, links
from webapp.deliveries.commands.shared import find
from webapp.deliveries.link_choices import LinkChoice
from webapp.deliveries.models import Delivery
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.errors import NotFound
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.tracking import queries
from webapp.tracking.models import TrackedLink


@click.group(cls=Group)
def link() -> None:
    """Look at the links of deliveries, and choose whether clicks on them count."""


@link.command("list")
@click.argument("delivery_id", metavar="DELIVERY", type=NUMBER)
@as_json
@pass_console
def list_links(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """List the links of a delivery, with what was chosen and what came of them.

    NUMBER is there once a link went out, or is about to.

    Example: ./run link list 7
    """
    with console.looking() as runtime:
        rows = _of_delivery(runtime, find(runtime, delivery_id))
        emit(rows, table(rows, "It has no link."), as_json=as_json)


def _of_delivery(runtime: Runtime, delivery: Delivery) -> list[dict[str, Any]]:
    lines = {line.link.address: line for line in queries.of_delivery(runtime, delivery).lines}
    chosen = {item.name: item for item in links.choices(runtime, delivery)}
    counts = delivery.counts_clicks
    return [
        {
            "number": lines[name].link.id if name in lines else None,
            "link": name,
            "label": chosen[name].label if name in chosen else lines[name].label,
            "counted": counts and (name not in chosen or chosen[name].counted),
            **_figures(lines.get(name)),
        }
        for name in dict.fromkeys([*chosen, *lines])
    ]


def _figures(line: queries.LinkLine | None) -> dict[str, int]:
    sums = line.sums if line else queries.Sums()
    return {
        "people": sums.readers,
        "clicks": sums.clicks,
        "machines": sums.machines,
        "conversions": line.conversions if line else 0,
    }


@link.command()
@click.argument("number", type=NUMBER)
@as_json
@pass_console
def show(console: Console, number: int, *, as_json: bool) -> None:
    """Print where a link leads, of which delivery it is, until when it leads on, and its figures.

    Example: ./run link show 48151623 --json
    """
    with console.looking() as runtime:
        row = runtime.session.scalar(select(TrackedLink).where(TrackedLink.id == number))
        if row is None:
            raise NotFound(f"There is no link {number}.")
        clicks = queries.of_delivery(runtime, row.delivery)
        line = next(item for item in clicks.lines if item.link.id == number)
        told = {
            "number": row.id,
            "link": row.address,
            "label": line.label,
            "delivery": row.delivery_id,
            "made_at": row.made_at,
            "expires_at": row.expires_at,
            **_figures(line),
        }
        emit(told, table([told], ""), as_json=as_json)


@link.command()
@click.argument("delivery_id", metavar="DELIVERY", type=NUMBER)
@click.argument("address")
@as_json
@pass_console
def disable(console: Console, delivery_id: int, address: str, *, as_json: bool) -> None:
    """Let a link of a draft go out as it is written: clicks on it are not counted.

    What was proved and analysed before no longer counts.

    Example: ./run link disable 7 https://shop.example/imprint
    """

    def off(now: links.Choice) -> LinkChoice:
        return LinkChoice(label=now.label, counted=False)

    _choose(console, delivery_id, address, off, as_json=as_json)


@link.command()
@click.argument("delivery_id", metavar="DELIVERY", type=NUMBER)
@click.argument("address")
@click.option("--label", help="What reports call it; as it is if left out.")
@as_json
@pass_console
def enable(
    console: Console, delivery_id: int, address: str, label: str | None, *, as_json: bool
) -> None:
    """Count clicks on a link of a draft, and say what reports call it.

    Example: ./run link enable 7 https://shop.example/spring --label Spring
    """

    def on(now: links.Choice) -> LinkChoice:
        return LinkChoice(label=now.label if label is None else label, counted=True)

    _choose(console, delivery_id, address, on, as_json=as_json)


def _choose(
    console: Console,
    delivery_id: int,
    address: str,
    change: Callable[[links.Choice], LinkChoice],
    *,
    as_json: bool,
) -> None:
    with console.runtime() as runtime:
        delivery = find(runtime, delivery_id)
        known = {item.name: item for item in links.choices(runtime, delivery)}
        if address not in known:
            own = ", ".join(known) or "none"
            raise NotFound(f"Delivery {delivery_id} has no link {address}. Its links: {own}.")
        wanted = {
            name: LinkChoice(label=item.label, counted=item.counted) for name, item in known.items()
        }
        wanted[address] = change(known[address])
        link_choices.choose(
            runtime, delivery_id, counts_clicks=delivery.counts_clicks, chosen=wanted
        )
        row = next(item for item in _of_delivery(runtime, delivery) if item["link"] == address)
        how = "counted" if row["counted"] else "not counted"
        emit(row, f"Clicks on {address} are {how}.", as_json=as_json)


@click.group(cls=Group)
def clicks() -> None:
    """Look at the clicks of deliveries."""


@clicks.command("list")
@click.argument("delivery_id", metavar="DELIVERY", type=NUMBER)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, for spreadsheets.")
@as_json
@pass_console
def list_clicks(console: Console, delivery_id: int, *, as_csv: bool, as_json: bool) -> None:
    """Print every click of a delivery that is kept, with its person where there is one.

    Example: ./run clicks list 7 --csv > clicks.csv
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json are two forms of clicks; ask for one of them.")
    with console.looking() as runtime:
        lines = queries.export(runtime, find(runtime, delivery_id))
        if as_csv:
            for line in csv.lines(queries.columns(runtime), lines, runtime.zone):
                click.echo(line, nl=False)
        else:
            rows = list(lines)
            emit(rows, table(rows, "Nobody followed a link of it yet."), as_json=as_json)
