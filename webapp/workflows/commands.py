"""Commands about workflows."""

import time

import click
from sqlalchemy import select

from webapp.kernel.console import Console, as_json, emit, pass_console, table
from webapp.kernel.errors import FanfareError, NotFound
from webapp.kernel.runtime import Runtime
from webapp.workflows import control, reading
from webapp.workflows.models import Run, RunState, Workflow

POLL = 0.5


@click.group()
def workflow() -> None:
    """Manage the technical jobs. A workflow is named by its id or its job, such as synchronise."""


def named(runtime: Runtime, name: str) -> Workflow:
    """Return the workflow of an id, a job or a name; raise `NotFound`."""
    for item in runtime.session.scalars(select(Workflow).order_by(Workflow.id)):
        if name in (str(item.id), item.job, item.name):
            return item
    raise NotFound(f"There is no workflow {name}; see ./run workflow list.")


@workflow.command("list")
@as_json
@pass_console
def list_workflows(console: Console, *, as_json: bool) -> None:
    """List the workflows with their schedules and last runs."""
    with console.runtime() as runtime:
        rows = [
            {
                "id": line.workflow.id,
                "job": line.workflow.job,
                "name": line.workflow.name,
                "state": line.workflow.state.value,
                "schedule": line.schedule,
                "next_run_at": line.workflow.next_run_at,
                "last_run": line.run.state.value if line.run else "never",
            }
            for line in reading.lines(runtime)
        ]
        emit(rows, table(rows, "There is no workflow."), as_json=as_json)


@workflow.command()
@click.argument("name")
@as_json
@pass_console
def start(console: Console, name: str, *, as_json: bool) -> None:
    """Follow the schedule from now on."""
    with console.runtime() as runtime:
        item = control.start(runtime, named(runtime, name).id)
        text = f"{item.name} is started; next run {item.next_run_at:%Y-%m-%d %H:%M} UTC."
        emit({"id": item.id, "state": item.state.value}, text, as_json=as_json)


@workflow.command()
@click.argument("name")
@as_json
@pass_console
def stop(console: Console, name: str, *, as_json: bool) -> None:
    """Follow the schedule no longer; a run under way ends at its next step."""
    with console.runtime() as runtime:
        item = control.stop(runtime, named(runtime, name).id)
        emit(
            {"id": item.id, "state": item.state.value}, f"{item.name} is stopped.", as_json=as_json
        )


@workflow.command()
@click.argument("name")
@click.option("--wait", is_flag=True, help="Wait for the end; the exit code is 1 if it failed.")
@click.option("--timeout", default=3600, show_default=True, help="Seconds to wait at most.")
@as_json
@pass_console
def run(console: Console, name: str, *, wait: bool, timeout: int, as_json: bool) -> None:
    """Run a workflow now, also a stopped one.

    Example: ./run workflow run synchronise --wait
    """
    with console.runtime() as runtime:
        found = control.run_now(runtime, named(runtime, name).id)
        if wait:
            wait_for(runtime, found, timeout=timeout)
        emit(_row(found), f"Run {found.id}: {found.state.value}. {found.reason}", as_json=as_json)
        if wait and found.state is not RunState.DONE:
            raise FanfareError(f"The run ended as {found.state.value}: {found.reason}")


def wait_for(runtime: Runtime, run: Run, *, timeout: float) -> None:
    """Wait until a run is over; raise when no worker works or it takes too long."""
    ends = time.monotonic() + timeout
    while time.monotonic() < ends:
        runtime.session.refresh(run)
        runtime.session.commit()
        if run.state not in reading.OPEN:
            return
        if run.state is RunState.WAITING and run.resume_at > runtime.now():
            raise FanfareError(f"The run waits until {run.resume_at:%H:%M:%S} UTC: {run.reason}")
        if run.started_at is None and not runtime.queue.health().workers:
            raise FanfareError("No worker runs. Start one with ./run worker, or all with ./run.")
        time.sleep(POLL)
    raise FanfareError("The run is still under way; see ./run workflow list.")


def _row(item: Run) -> dict[str, object]:
    return {
        "id": item.id,
        "state": item.state.value,
        "done": item.done,
        "total": item.total,
        "counts": item.counts,
        "reason": item.reason,
    }
