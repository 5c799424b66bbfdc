"""Commands that hold, resume and end a delivery that goes out, and settle what failed of it."""

from collections.abc import Callable

import click

from webapp.deliveries import control, counters
from webapp.deliveries.approval import settlement
from webapp.deliveries.commands.shared import delivery, find, row
from webapp.deliveries.models import Delivery
from webapp.kernel.cli.console import Console, as_json, emit, pass_console
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.runtime import Runtime


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def pause(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Pause a delivery; the message under way is still finished.

    Example: ./run delivery pause 7
    """
    _steer(console, delivery_id, control.pause, as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def resume(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Go on with a paused delivery where it was held.

    Example: ./run delivery resume 7
    """
    _steer(console, delivery_id, control.resume, as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def stop(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """End a delivery for good; what was not begun is cancelled.

    Example: ./run delivery stop 7
    """
    _steer(console, delivery_id, control.stop, as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def settle(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Take what failed of a delivery as dealt with, so that it needs nobody any more.

    Example: ./run delivery settle 7
    """
    with console.runtime() as runtime:
        found = settlement.settle(runtime, find(runtime, delivery_id).id)
        emit(row(found), f"{found.label}: settled by {found.settled_by}.", as_json=as_json)


@delivery.command()
@as_json
@pass_console
def recount(console: Console, *, as_json: bool) -> None:
    """Count the messages of every delivery anew, should its figures ever be wrong.

    They are kept with each message, so nothing needs this in the ordinary run of things.

    Example: ./run delivery recount
    """
    with console.runtime() as runtime:
        done, old = counters.recount_all(runtime)
        said = f"Deliveries counted: {done}; left as they are, since messages are gone: {old}."
        emit({"counted": done, "left": old}, said, as_json=as_json)


def _steer(
    console: Console,
    delivery_id: int,
    act: Callable[[Runtime, int], Delivery],
    *,
    as_json: bool,
) -> None:
    with console.runtime() as runtime:
        found = act(runtime, find(runtime, delivery_id).id)
        emit(row(found), f"{found.label}: {found.state.value}.", as_json=as_json)
