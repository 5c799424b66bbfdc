"""Commands about services."""

from dataclasses import asdict
from decimal import Decimal, InvalidOperation

import click

from channels import Channel, CheckState
from webapp.kernel.console import Console, as_json, emit, pass_console, read_secrets, table
from webapp.kernel.errors import Invalid
from webapp.kernel.group import Group
from webapp.kernel.near import near
from webapp.services import accounts, doctor, listing
from webapp.services.models import Service

MARKS = {"passed": "ok", "warning": "!", "error": "FAULT", "not_run": "-"}


@click.group(cls=Group)
def service() -> None:
    """Manage the connected accounts."""


@service.command()
@click.argument("kind")
@click.argument("internal_name")
@click.option("--label", default="", help="How your team calls the account.")
@click.option("--test", "is_test", is_flag=True, help="A private test account, for proofs.")
@click.option("--no-sync", is_flag=True, help="Do not synchronise its subscriptions.")
@click.option("--daily-cap", default=250, show_default=True, help="Direct messages a day.")
@click.option("--budget", default="", help="Budget a month, in US dollars.")
@as_json
@pass_console
def add(
    console: Console, /, kind: str, internal_name: str, *, as_json: bool, **options: str
) -> None:
    """Connect an account; its secrets are read from standard input, never from arguments.

    Example: ./run service add x ateliernord --label "Atelier Nord" < keys.env
    """
    with console.runtime() as runtime:
        channel = runtime.registry.get(kind)
        given = read_secrets()
        names = channel.connection.settings_form().secret_names()
        draft = accounts.ServiceDraft(
            label=options["label"] or internal_name,
            internal_name=internal_name.removeprefix("@"),
            settings=_settings(channel, given),
            secrets={name: value for name, value in given.items() if name in names},
            options=_options(options),
        )
        made = accounts.connect(runtime, kind, draft)
        emit(_row(made), f"@{made.internal_name} is connected.", as_json=as_json)


def _settings(channel: Channel, given: dict[str, str]) -> dict[str, object]:
    """Check what was given by the channel's own form, and return what is no secret."""
    form = channel.connection.settings_form()(data=dict(given))
    known = {field.short_name for field in form}
    unknown = sorted(set(given) - known)
    if unknown:
        named = ", ".join(unknown)
        hint = near(unknown[0], known)
        raise Invalid(f"The channel {channel.label} knows no {named}. {hint}".rstrip())
    missing = [name for name in form.secret_names() if not given.get(name)]
    if missing:
        raise Invalid(f"Standard input lacks {', '.join(missing)}.")
    return form.settings()


def _options(options: dict[str, str]) -> accounts.ServiceOptions:
    try:
        budget = Decimal(options["budget"]) if options["budget"] else None
    except InvalidOperation as cause:
        raise Invalid("Write the budget as an amount in dollars, for example 60.00.") from cause
    return accounts.ServiceOptions(
        is_test=bool(options["is_test"]),
        sync_subscriptions=not options["no_sync"],
        daily_cap=int(options["daily_cap"]),
        monthly_budget=budget,
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
            _row(item.service) | {"followers": item.followers, "sent_today": item.sent_today}
            for item in listing.summaries(runtime)
        ]
        emit(rows, table(rows, "No account is connected yet."), as_json=as_json)


def _row(item: Service) -> dict[str, object]:
    return {
        "id": item.id,
        "channel": item.kind,
        "internal_name": item.internal_name,
        "label": item.label,
        "state": item.state.value,
        "test": item.is_test,
        "fault": item.fault,
    }
