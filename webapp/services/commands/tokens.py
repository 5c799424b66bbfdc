"""Commands about how accounts sign in: the list, the ways to a session and back, the ledger."""

import click

from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.commands.shared import row_of, service
from webapp.services.connection import accounts, moving, renewing, sign_ins
from webapp.services.connection.sign_ins import Line, Standing
from webapp.services.models import Service

MOST = 200


@service.command("sign-ins")
@click.argument("kind")
@click.option("--ledger", is_flag=True, help="List the calls that made tokens, the newest first.")
@as_json
@pass_console
def list_sign_ins(console: Console, kind: str, *, ledger: bool, as_json: bool) -> None:
    """List how the accounts of a channel sign in, or the ledger of their tokens.

    Example: ./run service sign-ins x --json
    """
    with console.looking() as runtime:
        found = sign_ins.of_channel(runtime, kind)
        rows = [_line(line) for line in found.lines]
        if ledger:
            rows = _ledger(runtime, kind)
        emit(rows, table(rows, "Nothing yet."), as_json=as_json)


@service.command()
@click.argument("internal_names", nargs=-1)
@click.option("--all", "kind", help="Move all accounts of a channel that can be moved.")
@as_json
@pass_console
@click.pass_context
def move(
    context: click.Context,
    console: Console,
    internal_names: tuple[str, ...],
    *,
    kind: str | None,
    as_json: bool,
) -> None:
    """Move accounts from older keys to a sign-in; both are kept, and one command leads back.

    The exit code is 1 when one of them was not moved; a worker goes on with it.

    Example: ./run service move ateliernord
    """
    if bool(internal_names) == bool(kind):
        raise Invalid("Name accounts, or give --all with a channel.")
    with console.runtime() as runtime:
        chosen = [accounts.find(runtime, name) for name in internal_names]
        if kind:
            chosen = [line.service for line in sign_ins.of_channel(runtime, kind).movable]
        moved = moving.move(runtime, [item.id for item in chosen])
        lines = [_moved(runtime, item) for item in moved]
        rows = [_line(line) for line in lines]
        emit(rows, table(rows, "No account can be moved."), as_json=as_json)
    if any(line.standing is not Standing.MOVED for line in lines):
        context.exit(1)


@service.command("move-back")
@click.argument("internal_name")
@as_json
@pass_console
def move_back(console: Console, internal_name: str, *, as_json: bool) -> None:
    """Let a moved account be asked with its older keys again, once these have answered.

    Example: ./run service move-back ateliernord
    """
    with console.runtime() as runtime:
        found = moving.back(runtime, accounts.find(runtime, internal_name).id)
        said = f"{found.shown_name} is asked with its older keys again."
        emit(row_of(found), said, as_json=as_json)


def _moved(runtime: Runtime, item: Service) -> Line:
    """Take the steps of a worker at once, and return how the account stands then."""
    renewing.renew(runtime, item.id)
    runtime.session.refresh(item)
    found = sign_ins.of_channel(runtime, item.kind)
    return next(line for line in found.lines if line.service.id == item.id)


def _line(line: Line) -> dict[str, object]:
    return {
        "id": line.service.id,
        "internal_name": line.service.internal_name,
        "state": line.standing.value,
        "session": line.has_session,
        "older_keys": line.has_older,
        "until": line.until,
        "fault": line.lacks or line.fault,
    }


def _ledger(runtime: Runtime, kind: str) -> list[dict[str, object]]:
    names = {item.id: item.internal_name for item in accounts.every(runtime)}
    rows = list(sign_ins.ledger(runtime, kind))[:MOST]
    return [
        {
            "at": row.started_at,
            "internal_name": names[row.service_id],
            "step": row.step.value,
            "by": row.began_by,
            "outcome": row.outcome.value if row.outcome else "",
            "code": row.code,
            "said": row.said,
            "until": row.expires_at,
        }
        for row in rows
    ]
