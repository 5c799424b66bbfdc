"""The command line: `fanfare`, or `./run` followed by the same words.

A word's module is imported when the word is used, so that help and mistakes answer at once.
"""

import io
import os
import sys
from importlib import import_module

import click

from webapp.kernel.cli.group import Group

# Each word, where its command is, and what help says about it.
WORDS = {
    "db": ("webapp.system.commands.instance:database", "Look after the database."),
    "delivery": ("webapp.deliveries.commands:delivery", "Make, prove and send deliveries."),
    "demo": (
        "webapp.system.commands.instance:demo",
        "Do the whole main job offline, then stay up.",
    ),
    "health": (
        "webapp.system.commands.instance:show_health",
        "Tell whether everything in the background runs.",
    ),
    "make-key": ("webapp.system.commands.instance:make_key", "Print a fresh encryption key."),
    "operator": ("webapp.operators.commands:operator", "Manage the people who log in."),
    "plugin": ("webapp.system.commands.plugins:plugin", "Look at the plugins, or begin a new one."),
    "remove-sandbox": (
        "webapp.system.commands.instance:remove_sandbox",
        "Remove the sandbox with its people and deliveries.",
    ),
    "rotate-keys": ("webapp.system.commands.instance:rotate_keys", "Encrypt every secret again."),
    "scheduler": ("webapp.system.commands.instance:scheduler", "Run the scheduler."),
    "service": ("webapp.services.commands:service", "Manage the connected accounts."),
    "up": ("webapp.system.commands.instance:up", "Start everything; Ctrl-C ends all of it."),
    "visitor": (
        "webapp.audience.commands.visitors:visitor",
        "Look at the people known from the channels.",
    ),
    "words": ("webapp.audience.commands.words:words", "Manage the words that end messages."),
    "worker": ("webapp.system.commands.instance:worker", "Run one worker."),
    "workflow": ("webapp.workflows.commands:workflow", "Manage the technical jobs."),
}


class Fanfare(Group):
    """The words of the core, and those of plugins, which are read when a word is not the core's."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the words of the core."""
        return sorted([*WORDS, *super().list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of a word; a plugin's word is looked for last."""
        if cmd_name not in WORDS:
            own = super().get_command(ctx, cmd_name)
            brought = import_module("webapp.system.commands.plugins").brought
            return own or brought(tuple(WORDS)).get(cmd_name)
        module, _, name = WORDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the words without importing what they do."""
        rows = [(word, WORDS[word][1]) for word in self.list_commands(ctx) if word in WORDS]
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
