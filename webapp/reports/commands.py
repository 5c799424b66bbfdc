"""Commands that print reports: the figures of an account over some days, or of one delivery."""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import click
from flask import g

from webapp.deliveries.commands.shared import find
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.kernel.text.suggestions import near
from webapp.reports import asked, delivery_report
from webapp.reports import report as account_report
from webapp.reports.asked import Asked
from webapp.reports.parts import PARTS
from webapp.reports.sections import Section, Stat
from webapp.services.connection import accounts

as_csv = click.option("--csv", "as_csv", is_flag=True, help="Print a part as CSV.")
of_part = click.option("--part", metavar="NAME", help="Only this part; --csv needs one.")
# The figures at the head, and the parts.
Told = tuple[Sequence[Stat], Sequence[Section]]


@click.group(cls=Group)
def report() -> None:
    """Print reports of accounts and deliveries."""


@report.command()
@click.argument("name", metavar="ACCOUNT")
@click.option("--from", "from", metavar="DAY", help="The first day, such as 2026-11-01.")
@click.option("--to", "to", metavar="DAY", help="The last day, which is counted, too.")
@click.option("--days", metavar="NUMBER", help="The last 7, 28, 84 or 364 days; 28 without a word.")
@click.option("--zone", help="Whose days these are; those of the instance without a word.")
@click.option("--beside", metavar="WHAT", help="What stands beside: before, year or none.")
@of_part
@as_csv
@as_json
@pass_console
def account(
    console: Console,
    /,
    name: str,
    part: str | None,
    *,
    as_csv: bool,
    as_json: bool,
    **view: str | None,
) -> None:
    """Print what came of an account in some days.

    Example: ./run report account @ateliernord --from 2026-11-01 --to 2026-11-30
    """
    _refuse(part, PARTS, as_csv=as_csv, as_json=as_json)
    with console.looking() as runtime:
        # What writes times for people asks it for now.
        g.runtime = runtime
        service = accounts.find(runtime, name)
        wanted = _asked(runtime, view).of(service.id)

        def whole() -> Told:
            made = account_report.report(runtime, service, wanted)
            return made.stats, made.sections

        stats, sections = _told(
            part, whole, lambda name: account_report.section(runtime, service, wanted, name)
        )
        if as_csv:
            _print_csv(runtime, sections[0])
            return
        about = {"account": service.bare_name, **_days(wanted.lasting)}
        emit(_values(about, stats, sections), _text(about, stats, sections), as_json=as_json)


@report.command()
@click.argument("delivery_id", metavar="NUMBER", type=NUMBER)
@of_part
@as_csv
@as_json
@pass_console
def delivery(
    console: Console, delivery_id: int, part: str | None, *, as_csv: bool, as_json: bool
) -> None:
    """Print what came of a delivery.

    Example: ./run report delivery 7 --part way --csv
    """
    _refuse(part, delivery_report.PARTS, as_csv=as_csv, as_json=as_json)
    with console.looking() as runtime:
        g.runtime = runtime
        item = find(runtime, delivery_id)
        delivery_report.refuse_nothing(item)

        def whole() -> Told:
            made = delivery_report.report(runtime, item)
            return made.stats, made.sections

        stats, sections = _told(
            part, whole, lambda name: delivery_report.section(runtime, item, name)
        )
        if as_csv:
            _print_csv(runtime, sections[0])
            return
        about = {"delivery": str(item.id), "label": item.title}
        emit(_values(about, stats, sections), _text(about, stats, sections), as_json=as_json)


def _refuse(part: str | None, known: Collection[str], *, as_csv: bool, as_json: bool) -> None:
    """Raise `Invalid` for words that do not go together, and for a part that is not there."""
    if as_csv and as_json:
        raise Invalid("Choose one of --csv and --json.")
    if as_csv and not part:
        raise Invalid(f"Name what to print as CSV with --part, one of {', '.join(known)}.")
    if part and part not in known:
        raise Invalid(f"There is no part {part}. {near(part, known)}".rstrip())


def _asked(runtime: Runtime, view: Mapping[str, str | None]) -> Asked:
    """Return the view that the options ask for; raise `Invalid` that names those at fault."""
    try:
        return asked.read(runtime, {key: value for key, value in view.items() if value})
    except Invalid as fault:
        told = "\n".join(f"--{name}: {said}" for name, said in fault.fields.items())
        raise Invalid(told, fault.fields) from fault


def _told(part: str | None, whole: Callable[[], Told], one: Callable[[str], Section]) -> Told:
    return ((), [one(part)]) if part else whole()


def _days(lasting: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in lasting.items() if key != "account"}


def _print_csv(runtime: Runtime, section: Section) -> None:
    for text in csv.lines(section.head, section.sheet, runtime.zone):
        sys.stdout.write(text.replace("\r\n", "\n"))


def _values(
    about: Mapping[str, str], stats: Sequence[Stat], sections: Sequence[Section]
) -> dict[str, Any]:
    """Return a report for programs: in its parts what the sheets hold, by the words above."""
    figures = [{"label": one.label, "value": one.value, "below": one.below} for one in stats]
    parts = {
        one.name: [{one.head[key]: value for key, value in row.items()} for row in one.sheet]
        for one in sections
    }
    return {**about, "figures": figures, "parts": parts}


def _text(about: Mapping[str, str], stats: Sequence[Stat], sections: Sequence[Section]) -> str:
    blocks = [", ".join(f"{key} {value}" for key, value in about.items())]
    if stats:
        rows = [{"figure": one.label, "value": one.value, "": one.below} for one in stats]
        blocks.append(table(rows, ""))
    blocks += [f"{one.title} ({one.name})\n{table(_rows(one), one.empty)}" for one in sections]
    return "\n\n".join(blocks)


def _rows(section: Section) -> list[dict[str, Any]]:
    return [
        {section.heading: row.label}
        | {
            column.label: column.shown(value)
            for column, value in zip(section.columns, row.values, strict=True)
        }
        for row in section.rows
    ]
