"""The command line: `fanfare`, or `./run` followed by the same words.

A word's module is imported when the word is used, so that help and mistakes answer at once.
"""

import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from webapp import domains
from webapp.kernel.cli.group import Group
from webapp.kernel.domain import Command, Domain, Domains


def words() -> Mapping[str, tuple[Domain, Command]]:
    """Return the words of the core with the domains that bring them."""
    return Domains(domains.DOMAINS).commands


class Fanfare(Group):
    """The words of the core, and those of plugins, which are read when a word is not the core's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the words of the core."""
        return sorted([*words(), *super().list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a word; a plugin's word is looked for last."""
        known = words()
        if cmd_name not in known:
            own = super().get_command(ctx, cmd_name)
            brought = import_module("webapp.system.commands.plugins").brought
            return own or brought(tuple(known)).get(cmd_name)
        domain, command = known[cmd_name]
        found: click.Command = domain.find(command.at)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the words without importing what they do."""
        known = words()
        shown = (word for word in self.list_commands(ctx) if word in known)
        rows = [(word, known[word][1].help) for word in shown]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=Fanfare, invoke_without_command=True)
@click.version_option(package_name="fanfare", message="Fanfare %(version)s")
@click.pass_context
def fanfare(context: click.Context) -> None:
    """Fanfare, the self-hosted social-marketing hub. Without a word it starts the product.

    Example: ./run workflow run synchronise --wait
    """
    make_app = import_module("webapp.app").create_app
    context.obj = import_module("webapp.kernel.cli.console").Console(make_app)
    if context.invoked_subcommand is None:
        context.invoke(import_module("webapp.system.commands.instance").up)


def main() -> None:
    """Run the command line; every fault is a sentence on standard error and a non-zero exit."""
    # What an instance keeps is nobody else's to read: people, messages, keys.
    os.umask(0o077)
    # A closed standard input holds nothing.
    sys.stdin = sys.stdin or io.StringIO()
    name = str(import_module("webapp.kernel.config.command_name").RUN)
    click.Context.formatter_class = _Examples
    try:
        _refuse_garbled(sys.argv[1:])
        sys.exit(fanfare.main(prog_name=name, standalone_mode=False) or 0)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except Exception as fault:
        said = import_module("webapp.kernel.faults").sentence(fault)
        if said is None:
            raise
        for line in said.splitlines():
            click.echo(f"fanfare: {line}", err=True)
        sys.exit(1)


class _Examples(click.HelpFormatter):
    """Writes help whose examples call the command as its reader did."""

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        super().write_text(
            text.replace("./run", str(import_module("webapp.kernel.config.command_name").RUN))
        )


def _refuse_garbled(words: list[str]) -> None:
    """Raise a sentence for words that no database could keep."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError as cause:
        raise click.ClickException("What you typed is not text in UTF-8.") from cause
