"""Commands that take a delivery from its draft to its sending."""

from collections.abc import Mapping, Sequence

import click

from channels import Level
from webapp.deliveries import analysis, proofs
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.approval import confirm as confirming
from webapp.deliveries.commands.shared import delivery, find, row, wait_while
from webapp.deliveries.models import DeliveryState
from webapp.kernel.cli.console import Console, as_json, emit, pass_console
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.errors import FanfareError


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@as_json
@pass_console
def analyse(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Analyse a delivery and print what was found; exit code 1 when it is rejected.

    Example: ./run delivery analyse 7
    """
    with console.runtime() as runtime:
        found = find(runtime, delivery_id)
        if found.state is not DeliveryState.ANALYSING:
            found = analysis.start(runtime, delivery_id)
        wait_while(runtime, found, {DeliveryState.ANALYSING})
        findings = stored_findings.findings(found)
        lines = [_line(item) for item in findings]
        lines.append(f"{found.analysis['eligible']} of {found.analysis['matched']} get it.")
        emit(
            found.analysis | {"findings": findings} | row(found), "\n".join(lines), as_json=as_json
        )
        if found.state is DeliveryState.REJECTED:
            raise FanfareError("The delivery is rejected; mend what is marked as error.")


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@click.option("--approve", is_flag=True, help="Approve the proof once it has arrived.")
@as_json
@pass_console
def proof(console: Console, delivery_id: int, *, approve: bool, as_json: bool) -> None:
    """Send a proof to the proof account and wait until it has arrived.

    Example: ./run delivery proof 7 --approve
    """
    with console.runtime() as runtime:
        sent = proofs.send_proof(runtime, find(runtime, delivery_id).id)
        wait_while(runtime, sent, {DeliveryState.SENDING, DeliveryState.RETRYING})
        if sent.state is not DeliveryState.FINISHED or sent.wait_code:
            raise FanfareError(f"The proof did not arrive: {sent.wait_reason or sent.state.value}")
        if approve:
            proofs.approve(runtime, sent.id)
        emit(row(sent), f"{sent.label} arrived.", as_json=as_json)


@delivery.command()
@click.argument("delivery_id", type=NUMBER)
@click.option("--accept", multiple=True, help="Code of a warning to accept; `analyse` prints it.")
@as_json
@pass_console
def confirm(console: Console, delivery_id: int, accept: Sequence[str], *, as_json: bool) -> None:
    """Send a delivery that is ready, now or at its time.

    Example: ./run delivery confirm 7 --accept no_proof
    """
    with console.runtime() as runtime:
        found = find(runtime, delivery_id)
        if found.state is DeliveryState.READY:
            _refuse_unknown(confirming.to_accept(runtime, found), accept)
        try:
            found = confirming.confirm(runtime, found.id, accept)
        except confirming.Unaccepted as fault:
            raise _with_codes(fault) from fault
        emit(row(found), f"{found.label}: {found.state.value}.", as_json=as_json)


def _line(finding: Mapping[str, str]) -> str:
    code = f" (--accept {finding['code']})" if finding["level"] == Level.WARNING else ""
    return f"{finding['level']:>7}  {finding['text']}{code}"


def _refuse_unknown(warnings: Sequence[Mapping[str, str]], accepted: Sequence[str]) -> None:
    """Refuse codes that no open warning has.

    The page lets them pass: a proof may be approved while its warnings are on screen.
    """
    known = {item["code"] for item in warnings}
    strange = next((code for code in accepted if code not in known), None)
    if strange is not None:
        names = f"To accept: {', '.join(sorted(known))}." if known else "None is open."
        raise FanfareError(f"There is no open warning {strange}. {names}")


def _with_codes(fault: confirming.Unaccepted) -> FanfareError:
    """Return the refusal with the option that accepts each warning."""
    number = len(fault.left)
    head = "1 warning" if number == 1 else f"{number} warnings"
    lines = [f"--accept {item['code']}  {item['text']}" for item in fault.left]
    return FanfareError("\n".join([f"{head} must be accepted first.", *lines]))
