"""Connect an account, check it, list them all."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click

from channels import CheckState
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, read_secrets, table
from webapp.kernel.cli.numbers import Amount
from webapp.kernel.text.naming import bare
from webapp.services import listing
from webapp.services.commands.shared import filled, row_of, service
from webapp.services.connection import accounts, doctor
from webapp.services.connection.drafts import (
    HIGHEST_BUDGET,
    HIGHEST_CAP,
    ServiceDraft,
    ServiceOptions,
)

MARKS = {"passed": "ok", "warning": "!", "error": "FAULT", "not_run": "-"}


@service.command()
@click.argument("kind")
@click.argument("internal_name")
@click.option("--label", default="", help="What your team calls the account.")
@click.option("--test", "is_test", is_flag=True, help="A private test account, for proofs.")
@click.option("--no-sync", is_flag=True, help="Do not synchronise its subscriptions.")
@click.option("--four-eyes", is_flag=True, help="Nobody sends alone what they wrote.")
@click.option("--folder", default="Services", show_default=True, help="Folder of the service.")
@click.option(
    "--visitor-folder", default="Visitors", show_default=True, help="Folder of new visitors."
)
@click.option(
    "--daily-cap",
    type=click.IntRange(1, HIGHEST_CAP),
    default=250,
    show_default=True,
    help="Direct messages a day.",
)
@click.option("--budget", type=Amount(HIGHEST_BUDGET), help="Budget a month.")
@click.option(
    "--time-zone", default="", help="By whose clocks its day begins, such as Europe/Paris."
)
@as_json
@pass_console
def add(
    console: Console, /, kind: str, internal_name: str, *, as_json: bool, **options: Any
) -> None:
    """Connect an account. Its secrets are never arguments, which others could read.

    They are read from standard input, as JSON or as name=value lines. Where variables such as
    FANFARE_SERVICE_ACCESS_TOKEN are set, one for each field, they are read instead.

    Example: ./run service add x ateliernord --label "Atelier Nord" < keys.env
    """
    with console.runtime() as runtime:
        form = filled(runtime.registry.get(kind), read_secrets())
        handle = bare(internal_name)
        draft = ServiceDraft(
            label=options["label"] or handle,
            internal_name=handle,
            settings=form.settings(),
            secrets=form.secrets(),
            options=_options(options),
        )
        made = accounts.connect(runtime, kind, draft)
        said = f"{made.shown_name} is connected. {made.fault}".rstrip()
        emit(row_of(made), said, as_json=as_json)


def _options(options: dict[str, Any]) -> ServiceOptions:
    budget: Decimal | None = options["budget"]
    return ServiceOptions(
        is_test=options["is_test"],
        sync_subscriptions=not options["no_sync"],
        four_eyes=options["four_eyes"],
        folder=options["folder"],
        visitor_folder=options["visitor_folder"],
        daily_cap=options["daily_cap"],
        monthly_budget=budget,
        time_zone=options["time_zone"],
    )


@service.command()
@click.argument("internal_name")
@as_json
@pass_console
@click.pass_context
def verify(context: click.Context, console: Console, internal_name: str, *, as_json: bool) -> None:
    """Run the doctor; the exit code is 1 when something must be fixed.

    Example: ./run service verify ateliernord
    """
    with console.runtime() as runtime:
        found = accounts.find(runtime, internal_name)
        checks = doctor.diagnose(runtime, found.id)
        lines = [
            f"{MARKS[item.state.value]:>5}  {item.label}"
            + (f": {item.detail} {item.fix}".rstrip() if item.detail or item.fix else "")
            for item in checks
        ]
        emit([asdict(item) for item in checks], "\n".join(lines), as_json=as_json)
    if any(item.state is CheckState.ERROR for item in checks):
        context.exit(1)


@service.command("list")
@as_json
@pass_console
def list_services(console: Console, *, as_json: bool) -> None:
    """List the services.

    Example: ./run service list --json
    """
    with console.looking() as runtime:
        rows = [
            row_of(item.service) | {"followers": item.followers, "sent_today": item.sent_today}
            for item in listing.summaries(runtime)
        ]
        emit(rows, table(rows, "No account is connected yet."), as_json=as_json)
