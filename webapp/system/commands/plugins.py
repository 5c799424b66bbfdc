"""Commands about the plugins."""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

import click

from channels import CheckState
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.instance import Instance, read_settings
from webapp.kernel.plugins.registry import Registry
from webapp.system.setup import plugin_package
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
    """Look at the plugins, or begin a new one."""


def _instance(console: Console) -> Instance:
    """Return the instance of a whole application, with every command of the plugins read."""
    instance: Instance = console.lone_app().extensions["fanfare"]
    root = click.get_current_context().find_root()
    words = root.command.list_commands(root) if isinstance(root.command, click.Group) else ()
    instance.registry.commands(words)
    return instance


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
        for item in _instance(console).registry.describe()
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
    checks = plugin_check.look(_instance(console), name)
    lines = [f"{MARKS[item.state]:>5}  {item.label}: {item.detail}".rstrip(": ") for item in checks]
    emit([asdict(item) for item in checks], "\n".join(lines), as_json=as_json)
    if any(item.state is CheckState.ERROR for item in checks):
        context.exit(1)


@plugin.command("new")
@click.argument("name")
@click.option("--label", default="", help="What people read; made of the name where it is absent.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="the current folder",
    help="The folder to make the package in.",
)
@as_json
@pass_console
def new_plugin(console: Console, name: str, *, label: str, into: Path, as_json: bool) -> None:
    """Make the package of a new channel, fanfare-NAME, with a test that passes.

    NAME is the kind of the channel: small letters, digits and _. Nothing is overwritten.

    Example: ./run plugin new noticeboard --label Noticeboard --into ..
    """
    made = plugin_package.make(_instance(console).registry, name, label, into)
    found = {"folder": str(made.folder), "files": list(made.names)}
    lines = [f"{made.folder} holds {', '.join(made.names)}.", *_next(made)]
    emit(found, "\n".join(lines), as_json=as_json)


def _next(made: plugin_package.Package) -> list[str]:
    """Return what its author does next, with the Python that runs Fanfare."""
    python = shlex.quote(sys.executable)
    return [
        "Test it, then install it and start Fanfare again:",
        f"  cd {shlex.quote(str(made.folder))}",
        f"  {python} -m pip install pytest",
        f"  {python} -m pytest",
        f"  {python} -m pip install --no-deps --editable .",
    ]
