"""Commands about files of answers: take one in, and write all answers to one."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from webapp.audience.consent_files import faults, mapping, running, staging
from webapp.audience.consent_files.faults import Fault
from webapp.audience.consent_files.mapping import DEFAULTS, Dates
from webapp.audience.consents import export
from webapp.audience.models import ConsentImport
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.errors import FanfareError, Invalid
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.services.connection import accounts

MOST = 100


@click.group(cls=Group)
def consent() -> None:
    """Take in what people answered elsewhere, and write all answers to a file."""


@consent.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--service", default="", metavar="NAME", help="The account, where no column says it.")
@click.option("--map", "given", multiple=True, metavar="COLUMN=FIELD", help="What a column says.")
@click.option("--answer", type=click.Choice(["yes", "no"]), help="What all rows are.")
@click.option("--wording", default="", help="The words that were agreed to.")
@click.option("--wording-version", "version", default="", help="Which version of them.")
@click.option("--language", default="", help="The code of their language, such as fr.")
@click.option("--proof", default="", help="Where and how the answers were given.")
@click.option("--purpose", default="", help="What they agreed to receive.")
@click.option("--dates", type=click.Choice([item.value for item in Dates]), default="iso",
              help="How days are written.")  # fmt: skip
@click.option("--try", "only_try", is_flag=True, help="Say what the first rows would do.")
@as_json
@pass_console
def import_answers(  # noqa: PLR0913 - one for each option
    console: Console,
    /,
    *,
    file: Path,
    service: str,
    given: tuple[str, ...],
    only_try: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Take answers of people in from a CSV file; a yes needs wording, date and proof.

    Example: ./run consent import out.csv --service ateliernord --answer no
    """
    with console.runtime() as runtime:
        account = str(accounts.find(runtime, service).id) if service else ""
        said = {name: options.get(name) or "" for name in (*DEFAULTS, "dates")}
        brought = _bring(runtime, file)
        number = brought.id
        try:
            columns = _mapped(brought, given)
            staging.map_columns(runtime, number, columns, said | {"account": account})
            if only_try:
                rows = _tried(runtime, number)
                emit(rows, table(rows, "There is no row."), as_json=as_json)
                return
            staging.start(runtime, number)
            done = running.run(runtime, number, _progress)
        finally:
            _end(runtime, number)
        emit(_row(runtime, done), _told(runtime, done), as_json=as_json)


def _bring(runtime: Runtime, file: Path) -> ConsentImport:
    try:
        with file.open("rb") as stream:
            return staging.bring(runtime, file.name, stream)
    except OSError as cause:
        raise FanfareError(f"{file} cannot be read: {cause.strerror}.") from cause


def _progress(brought: ConsentImport) -> None:
    """Tell whoever watches how far it is; a program that reads the answer is not disturbed."""
    if sys.stderr.isatty():
        click.echo(f"\r{brought.done} of {brought.total} rows", nl=False, err=True)


def _mapped(brought: ConsentImport, given: tuple[str, ...]) -> dict[str, str]:
    """Return the guessed mapping with what was said of some columns."""
    columns = dict(brought.mapping)
    for item in given:
        head, _sign, name = item.partition("=")
        if head not in brought.columns:
            raise Invalid(f"--map {item}: the file has no column {head}.")
        if name and name not in mapping.labels():
            known = ", ".join(mapping.labels())
            raise Invalid(f"--map {item}: there is no field {name}. Fields: {known}.")
        columns = {place: other for place, other in columns.items() if other != name}
        columns[str(brought.columns.index(head))] = name
    return {place: name for place, name in columns.items() if name}


def _tried(runtime: Runtime, import_id: int) -> list[dict[str, Any]]:
    return [
        {
            "line": row.line,
            "outcome": row.outcome,
            "column": row.field,
            "why": str(faults.words(row.fault)) if row.fault else "",
        }
        for row in staging.preview(runtime, staging.get(runtime, import_id))
    ]


def _end(runtime: Runtime, import_id: int) -> None:
    """Keep nothing of a file that was not taken in, whatever ended the command."""
    runtime.session.rollback()
    if staging.piece_of(runtime, import_id) is not None:
        staging.stop(runtime, import_id)


def _row(runtime: Runtime, done: ConsentImport) -> dict[str, Any]:
    names = ("total", "agreed", "refused", "outdone", "same", "wrong")
    return {
        "import": done.id,
        "state": done.state.value,
        **{name: getattr(done, name) for name in names},
        "faults": [
            {"line": row.line, "column": row.field, "why": str(faults.words(Fault(row.code)))}
            for row in staging.faults(runtime, done.id, size=MOST)
        ],
    }


def _told(runtime: Runtime, done: ConsentImport) -> str:
    lines = [
        f"{done.total} rows: {done.agreed} yes, {done.refused} no, {done.outdone} outdone by a "
        f"later answer, {done.same} known already, {done.wrong} wrong."
    ]
    found = _row(runtime, done)["faults"]
    lines += [f"  Line {row['line']}: {row['column']} {row['why']}" for row in found]
    if done.wrong > MOST:
        lines.append(f"  The page of import {done.id} has all {done.wrong} of them as CSV.")
    return "\n".join(lines)


@consent.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json
@pass_console
def export_answers(console: Console, /, *, file: Path, as_json: bool) -> None:
    """Write all that people answered to a CSV file, with wording and proof.

    Example: ./run consent export consents.csv
    """
    with console.looking() as runtime:
        number = 0

        def counted() -> Iterator[dict[str, Any]]:
            nonlocal number
            for row in export.of_all(runtime):
                number += 1
                yield row

        try:
            # Nobody else of this machine reads it.
            file.touch(mode=0o600, exist_ok=False)
            with file.open("w", encoding="utf-8", newline="") as sheet:
                columns = export.columns(runtime.zone.key)
                sheet.writelines(csv.lines(columns, counted(), runtime.zone))
        except FileExistsError as cause:
            raise FanfareError(f"{file} is there already. Name another file.") from cause
        except OSError as cause:
            raise FanfareError(f"{file} cannot be written: {cause.strerror}.") from cause
        told = f"{number} answers are in {file}."
        emit({"file": str(file), "answers": number}, told, as_json=as_json)
