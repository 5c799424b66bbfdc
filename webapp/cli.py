"""The command line: `fanfare`, or `./run` followed by the same words."""

import sys

import click
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from channels import ChannelError
from webapp.app import create_app
from webapp.audience.commands import visitor
from webapp.deliveries.commands import delivery
from webapp.kernel.console import Console
from webapp.kernel.errors import FanfareError
from webapp.kernel.settings import SettingsError
from webapp.operators.commands import operator
from webapp.services.commands import service
from webapp.system import commands as system
from webapp.workflows.commands import workflow


@click.group(invoke_without_command=True)
@click.pass_context
def fanfare(context: click.Context) -> None:
    """Fanfare, the self-hosted social-marketing hub. Without a word it starts the product."""
    context.obj = Console(create_app)
    if context.invoked_subcommand is None:
        context.invoke(system.up)


for command in (operator, service, workflow, visitor, delivery, *system.COMMANDS):
    fanfare.add_command(command)


def main() -> None:
    """Run the command line; every fault is a sentence on standard error and a non-zero exit."""
    try:
        sys.exit(fanfare.main(standalone_mode=False) or 0)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)
    except (FanfareError, ChannelError, SettingsError) as fault:
        click.echo(f"fanfare: {fault}", err=True)
    except OperationalError as fault:
        click.echo(f"fanfare: The database cannot be used: {fault.orig}", err=True)
    except RedisError as fault:
        click.echo(f"fanfare: The broker cannot be used: {fault}", err=True)
    sys.exit(1)
