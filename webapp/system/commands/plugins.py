"""Commands about the plugins."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import cache

import click

from channels import CheckState
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.instance import Instance, read_settings
from webapp.kernel.plugins.registry import Registry
from webapp.system.web import plugin_check

MARKS = {
    CheckState.PASSED: "ok",
    CheckState.WARNING: "!",
    CheckState.ERROR: "FAULT",
    CheckState.NOT_RUN: "-",
}


@cache
def brought(reserved: tuple[str, ...]) -> Mapping[str, click.Command]:
    """Return the commands that plugins bring, by word; the words in `reserved` are the core's."""
    settings = read_settings()
    registry = Registry(settings.plugins_disabled, safe_mode=settings.safe_mode)
    registry.load()
    return registry.commands(reserved)


@click.group(cls=Group)
def plugin() -> None:
    """Look at the plugins."""


def _registry(context: click.Context, console: Console) -> Registry:
    """Return the registry of a whole application, with every command of the plugins read."""
    instance: Instance = console.lone_app().extensions["fanfare"]
    root = context.find_root()
    words = root.command.list_commands(root) if isinstance(root.command, click.Group) else ()
    instance.registry.commands(words)
    return instance.registry


@plugin.command("list")
@as_json
@pass_console
@click.pass_context
def list_plugins(context: click.Context, console: Console, *, as_json: bool) -> None:
    """List the plugins and what each brings; exit code 1 when one is broken.

    Example: ./run plugin list --json
    """
    rows = [
        {
            "name": item.name,
            "version": item.version,
            "channels": ", ".join(item.kinds),
            "state": "failed" if item.fault else "active",
            "fault": " ".join([item.fault, *item.trouble]).strip(),
        }
        for item in _registry(context, console).describe()
    ]
    emit(rows, table(rows, "No plugin is installed."), as_json=as_json)
    if any(row["fault"] for row in rows):
        context.exit(1)


@plugin.command("check")
@click.argument("name")
@as_json
@pass_console
@click.pass_context
def check_plugin(context: click.Context, console: Console, name: str, *, as_json: bool) -> None:
    """Check one plugin against the contract; exit code 1 when something breaks it.

    The whole suite for authors is channels.testing.ChannelContract, see docs/plugins.md.

    Example: ./run plugin check x
    """
    checks = plugin_check.look(_registry(context, console), name)
    lines = [f"{MARKS[item.state]:>5}  {item.label}: {item.detail}".rstrip(": ") for item in checks]
    emit([asdict(item) for item in checks], "\n".join(lines), as_json=as_json)
    if any(item.state is CheckState.ERROR for item in checks):
        context.exit(1)
