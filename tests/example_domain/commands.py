"""The command of the reminders."""

import click


@click.command("reminder")
def reminder() -> None:
    """Look at the reminders."""
    click.echo("Water the horns.")
