"""Commands about deliveries."""

import sys
import time
from collections.abc import Sequence

import click

from webapp.deliveries import analysis, editing, log, proofs
from webapp.deliveries import confirm as confirming
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState
from webapp.deliveries.progress import progress
from webapp.kernel.console import Console, as_json, emit, pass_console, table
from webapp.kernel.errors import FanfareError, Invalid
from webapp.kernel.runtime import Runtime
from webapp.services import accounts

POLL = 0.3
PATIENCE = 120


@click.group()
def delivery() -> None:
    """Make, prove and send deliveries."""


@delivery.command()
@click.option("--kind", type=click.Choice(list(DeliveryKind)), required=True)
@click.option("--service", "services", multiple=True, required=True, help="Account to send from.")
@click.option("--label", required=True, help="How your team calls the delivery.")
@click.option("--text", default="", help="The message; standard input if left out.")
@as_json
@pass_console
def create(console: Console, /, *, services: Sequence[str], as_json: bool, **given: str) -> None:
    """Make a draft.

    Example: ./run delivery create --kind post --service ateliernord --label Doors < post.txt
    """
    text = given["text"] or ("" if sys.stdin.isatty() else sys.stdin.read())
    if not text.strip():
        raise Invalid("Give the message with --text or on standard input.")
    with console.runtime() as runtime:
        found = [accounts.find(runtime, name) for name in services]
        new = editing.NewDelivery(
            kind=DeliveryKind(given["kind"]),
            channel=found[0].kind,
            label=given["label"],
            service_ids=[item.id for item in found],
        )
        made = editing.create(runtime, new)
        made = editing.edit(runtime, made.id, editing.DeliveryChanges(content=text.strip()))
        emit(_row(made), f"Delivery {made.id} is a draft.", as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=int)
@as_json
@pass_console
def analyse(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Analyse a delivery and print what was found; exit code 1 when it is rejected."""
    with console.runtime() as runtime:
        found = analysis.start(runtime, delivery_id)
        wait_while(runtime, found, {DeliveryState.ANALYSING})
        lines = [f"{item['level']:>7}  {item['text']}" for item in found.analysis["findings"]]
        lines.append(f"{found.analysis['eligible']} of {found.analysis['matched']} get it.")
        emit(found.analysis | _row(found), "\n".join(lines), as_json=as_json)
        if found.state is DeliveryState.REJECTED:
            raise FanfareError("The delivery is rejected; mend what is marked as error.")


@delivery.command()
@click.argument("delivery_id", type=int)
@click.option("--approve", is_flag=True, help="Approve the proof when it arrived.")
@as_json
@pass_console
def proof(console: Console, delivery_id: int, *, approve: bool, as_json: bool) -> None:
    """Send a proof to the proof account and wait until it arrived."""
    with console.runtime() as runtime:
        sent = proofs.send_proof(runtime, delivery_id)
        wait_while(runtime, sent, {DeliveryState.SENDING, DeliveryState.RETRYING})
        if sent.state is not DeliveryState.FINISHED or sent.held_by:
            raise FanfareError(f"The proof did not arrive: {sent.held_by}")
        if approve:
            proofs.approve(runtime, sent.id)
        emit(_row(sent), f"{sent.label} arrived.", as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=int)
@click.option("--accept", multiple=True, help="Code of a warning to accept; see analyse --json.")
@as_json
@pass_console
def confirm(console: Console, delivery_id: int, accept: Sequence[str], *, as_json: bool) -> None:
    """Send a delivery that is ready, now or at its time."""
    with console.runtime() as runtime:
        found = confirming.confirm(runtime, delivery_id, accept)
        emit(_row(found), f"{found.label}: {found.state.value}.", as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=int)
@as_json
@pass_console
def status(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Print how a delivery stands."""
    with console.runtime() as runtime:
        found = editing.get(runtime, delivery_id)
        counts = progress(runtime, found).counts
        words = ", ".join(f"{number} {state}" for state, number in counts.items() if number)
        text = f"{found.label}: {found.state.value}. {words or 'No message yet'}. {found.held_by}"
        emit(_row(found) | counts, text.rstrip(), as_json=as_json)


@delivery.command("log")
@click.argument("delivery_id", type=int)
@click.option("--state", default="", help="Only messages in this state.")
@as_json
@pass_console
def show_log(console: Console, delivery_id: int, state: str, *, as_json: bool) -> None:
    """Print what happened to each recipient."""
    with console.runtime() as runtime:
        editing.get(runtime, delivery_id)
        rows = list(log.export(runtime, delivery_id, state=state))
        emit(rows, table(rows, "No message yet."), as_json=as_json)


def wait_while(runtime: Runtime, found: Delivery, states: set[DeliveryState]) -> None:
    """Wait until a delivery leaves `states`; raise when no worker works or it takes too long."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        runtime.session.refresh(found)
        runtime.session.commit()
        if found.state not in states:
            return
        if not runtime.queue.health().workers:
            raise FanfareError("No worker runs. Start one with ./run worker, or all with ./run.")
        time.sleep(POLL)
    raise FanfareError(f"It is still {found.state.value}. {found.held_by}".rstrip())


def _row(item: Delivery) -> dict[str, object]:
    return {
        "id": item.id,
        "label": item.label,
        "kind": item.kind.value,
        "state": item.state.value,
        "held_by": item.held_by,
    }
