"""The command that changes a connected account; what is not named stays as it is."""

from dataclasses import replace
from typing import Any

import click

from webapp.kernel.cli.console import Console, as_json, emit, pass_console, read_secrets
from webapp.kernel.cli.numbers import Amount
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services import budget_warning
from webapp.services.channel import declared
from webapp.services.channel.context import context_of, readable_secrets
from webapp.services.commands.shared import filled, row_of, service
from webapp.services.connection import accounts
from webapp.services.connection.drafts import (
    HIGHEST_BUDGET,
    HIGHEST_CAP,
    ServiceDraft,
    ServiceOptions,
)
from webapp.services.models import Service


@service.command()
@click.argument("internal_name")
@click.option("--label", help="What your team calls the account.")
@click.option("--test/--no-test", "is_test", default=None, help="A private test account, or not.")
@click.option(
    "--sync/--no-sync", "sync_subscriptions", default=None, help="Synchronise its subscriptions."
)
@click.option(
    "--four-eyes/--no-four-eyes", default=None, help="Nobody sends alone what they wrote, or may."
)
@click.option("--folder", help="Folder of the service.")
@click.option("--visitor-folder", help="Folder of new visitors.")
@click.option("--daily-cap", type=click.IntRange(1, HIGHEST_CAP), help="Direct messages a day.")
@click.option("--budget", type=Amount(HIGHEST_BUDGET), help="Budget a month.")
@click.option("--time-zone", help="By whose clocks its day begins, such as Europe/Paris.")
@click.option("--no-budget", is_flag=True, help="Set no budget.")
@click.option(
    "--from-stdin", is_flag=True, help="Read other keys, or the channel's settings, as `add` does."
)
@as_json
@pass_console
def change(
    console: Console,
    /,
    internal_name: str,
    *,
    from_stdin: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Change the settings of a connected account; keys stay unless others are given.

    Example: ./run service change ateliernord --daily-cap 100
    """
    typed = read_secrets() if from_stdin else {}
    if given.pop("no_budget"):
        if given["budget"] is not None:
            raise Invalid("Give either --budget or --no-budget.")
        given["monthly_budget"] = None
    elif given["budget"] is not None:
        given["monthly_budget"] = given["budget"]
    del given["budget"]
    with console.runtime() as runtime:
        found = accounts.find(runtime, internal_name)
        changed = accounts.change(runtime, found.id, _draft(runtime, found, typed, given))
        said = f"{changed.shown_name} is changed. {changed.fault}".rstrip()
        over = budget_warning.warning(runtime, changed)
        if over:
            click.echo(over, err=True)
        emit(row_of(changed), said, as_json=as_json)


def _draft(
    runtime: Runtime, stored: Service, typed: dict[str, str], given: dict[str, Any]
) -> ServiceDraft:
    """Return the service as it is stored, with what was given in its place."""
    named = {
        name: value
        for name, value in given.items()
        if value is not None or name == "monthly_budget"
    }
    label = named.pop("label", stored.label)
    channel = runtime.registry.get(stored.kind)
    known = {*readable_secrets(runtime, stored.id)}
    if declared.session_until(channel, context_of(runtime, stored)) is not None:
        # Who signed in has no key to type.
        known |= {*declared.form(channel).secret_names()}
    form = filled(channel, typed, stored=stored, known=known)
    return ServiceDraft(
        label=label,
        internal_name=stored.internal_name,
        settings=form.settings(),
        secrets=form.secrets(),
        options=replace(_options(stored), **named),
    )


def _options(stored: Service) -> ServiceOptions:
    return ServiceOptions(
        is_test=stored.is_test,
        sync_subscriptions=stored.sync_subscriptions,
        four_eyes=stored.four_eyes,
        folder=stored.folder.name,
        visitor_folder=stored.visitor_folder.name,
        daily_cap=stored.daily_cap,
        monthly_budget=stored.monthly_budget,
        time_zone=stored.time_zone or "",
    )
