"""Commands about profiles: the list, and files of them."""

from pathlib import Path
from typing import Any

import click

from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.errors import FanfareError, Invalid
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.profiles.fields import Dates, Fault, fault_words
from webapp.profiles.listing import export, search
from webapp.profiles.listing.query import Query
from webapp.profiles.models import ProfileImport
from webapp.profiles.transfer import mapping, running, staging
from webapp.profiles.transfer.mapping import Known

MOST = 100


@click.group(cls=Group)
def profile() -> None:
    """Look at the contacts of the team, bring and take files of them."""


@profile.command("list")
@click.option("--search", "words", default="", help="How the name or the address begins.")
@click.option("--size", type=click.IntRange(1, 1000), default=MOST, show_default=True)
@click.option("--after", type=NUMBER, help="Id of the last profile on the page before.")
@as_json
@pass_console
def list_profiles(
    console: Console, /, *, words: str, size: int, after: int | None, as_json: bool
) -> None:
    """List a page of profiles by name.

    Example: ./run profile list --search ruiz
    """
    with console.looking() as runtime:
        found = search.search(runtime, Query(words=words, size=size, after=after))
        rows = [
            {
                "id": line.profile.id,
                "name": line.profile.name,
                "email": line.profile.email,
                "language": line.profile.language,
                "tags": ", ".join(tag.name for tag in line.tags),
                "visitors": line.visitors,
            }
            for line in found.lines
        ]
        text = table(rows, "Nobody matches.")
        if found.later:
            text += f"\nThere are more: --after {rows[-1]['id']}"
        emit(rows, text, as_json=as_json)


@profile.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Which field a column is, such as Vorname=first_name; others are guessed by their heads.",
)
@click.option("--dates", type=click.Choice([item.value for item in Dates]), default=Dates.ISO.value)
@click.option(
    "--known", type=click.Choice([item.value for item in Known]), default=Known.FILL.value
)
@click.option("--tag", default="", help="A tag for all of them, such as the fair.")
@click.option("--try", "only_try", is_flag=True, help="Tell what the first rows would do.")
@as_json
@pass_console
def import_profiles(console: Console, /, *, file: Path, as_json: bool, **given: Any) -> None:
    """Take the rows of a CSV file in; known profiles are found by e-mail, then name and birth date.

    Example: ./run profile import fair.csv --tag "Fair 2025" --map Town=own.1
    """
    with console.runtime() as runtime:
        brought = _bring(runtime, file)
        try:
            columns = _mapped(runtime, brought, given["mapped"])
            staging.map_columns(runtime, brought.id, columns, given)
            if given["only_try"]:
                rows = _tried(runtime, brought)
                emit(rows, table(rows, "There is no row."), as_json=as_json)
                return
            staging.start(runtime, brought.id)
            done = running.run(runtime, brought.id)
        finally:
            _end(runtime, brought.id)
        emit(_row(runtime, done), _told(runtime, done), as_json=as_json)


def _bring(runtime: Runtime, file: Path) -> ProfileImport:
    try:
        with file.open("rb") as stream:
            return staging.bring(runtime, file.name, stream)
    except OSError as cause:
        raise FanfareError(f"{file} cannot be read: {cause.strerror}.") from cause


def _mapped(runtime: Runtime, brought: ProfileImport, given: tuple[str, ...]) -> dict[str, str]:
    """Return the guessed mapping with what was said of some columns."""
    columns = dict(brought.mapping)
    names = [label.name for label in mapping.choices(runtime)]
    for item in given:
        head, _sign, name = item.partition("=")
        if head not in brought.columns:
            raise Invalid(f"--map {item}: the file has no column {head}.")
        if name and name not in names:
            raise Invalid(f"--map {item}: there is no field {name}. Fields: {', '.join(names)}.")
        columns = {place: other for place, other in columns.items() if other != name}
        columns[str(brought.columns.index(head))] = name
    return {place: name for place, name in columns.items() if name}


def _tried(runtime: Runtime, brought: ProfileImport) -> list[dict[str, Any]]:
    brought = staging.get(runtime, brought.id)
    return [
        {
            "line": row.line,
            "outcome": row.outcome,
            "column": row.field,
            "why": fault_words(row.fault) if row.fault else "",
        }
        for row in staging.preview(runtime, brought, staging.how_of(brought))
    ]


def _end(runtime: Runtime, import_id: int) -> None:
    """Keep nothing of a file that was not taken in, whatever ended the command."""
    runtime.session.rollback()
    if staging.piece_of(runtime, import_id) is not None:
        staging.stop(runtime, import_id)


def _row(runtime: Runtime, done: ProfileImport) -> dict[str, Any]:
    return {
        "import": done.id,
        "state": done.state.value,
        "rows": done.total,
        "made": done.made,
        "changed": done.changed,
        "same": done.same,
        "wrong": done.wrong,
        "faults": [
            {"line": row.line, "column": row.field, "why": fault_words(Fault(row.code))}
            for row in staging.faults(runtime, done.id, size=MOST)
        ],
    }


def _told(runtime: Runtime, done: ProfileImport) -> str:
    told = _row(runtime, done)
    lines = [
        f"{done.total} rows: {done.made} profiles made, {done.changed} changed, "
        f"{done.same} as they were, {done.wrong} rows wrong."
    ]
    lines += [f"  Line {row['line']}: {row['column']} {row['why']}" for row in told["faults"]]
    return "\n".join(lines)


@profile.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--search", "words", default="", help="How the name or the address begins.")
@as_json
@pass_console
def export_profiles(console: Console, /, *, file: Path, words: str, as_json: bool) -> None:
    """Write profiles to a CSV file, which can be imported again.

    Example: ./run profile export profiles.csv
    """
    with console.looking() as runtime:
        rows = export.rows(runtime, Query(words=words))
        number = 0

        def counted() -> Any:
            nonlocal number
            for row in rows:
                number += 1
                yield row

        try:
            # Nobody else of this machine reads it.
            file.touch(mode=0o600, exist_ok=False)
            with file.open("w", encoding="utf-8", newline="") as sheet:
                sheet.writelines(csv.lines(export.columns(runtime), counted(), runtime.zone))
        except FileExistsError as cause:
            raise FanfareError(f"{file} is there already. Name another file.") from cause
        except OSError as cause:
            raise FanfareError(f"{file} cannot be written: {cause.strerror}.") from cause
        emit(
            {"file": str(file), "profiles": number},
            f"{number} profiles are in {file}.",
            as_json=as_json,
        )
