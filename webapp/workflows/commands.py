"""Commands about workflows."""

import time
from collections.abc import Callable

import click
from sqlalchemy import select

from webapp.kernel.background.availability import refuse_standstill
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER
from webapp.kernel.config.command_name import RUN
from webapp.kernel.errors import FanfareError, Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import money
from webapp.kernel.text.suggestions import near
from webapp.workflows import control, queries, spending
from webapp.workflows.asking import OverBudget, objections
from webapp.workflows.models import OPEN, Run, RunState, Workflow

POLL = 0.5
# Processes that were started a moment ago have not given a sign of life yet.
GRACE = 3
WAITS = "Its runs read no account whose budget is passed, until that is raised or the month ends."


@click.group(cls=Group)
def workflow() -> None:
    """Manage the technical jobs. A workflow is named by its id or its job, such as synchronise."""


def named(runtime: Runtime, name: str) -> Workflow:
    """Return the workflow of an id, a job or a name; raise `NotFound`.

    Raises `Invalid` where several have that job or name: each would be another account's cost.
    """
    rows = runtime.session.scalars(select(Workflow).order_by(Workflow.id)).all()
    numbered = [item for item in rows if name == str(item.id)]
    found = numbered or [item for item in rows if name in (item.job, item.name)]
    if len(found) > 1:
        listed = "; ".join(f"{item.id} {item.name}" for item in found)
        raise Invalid(f"Several workflows are called {name}. Give one by its number: {listed}.")
    if not found:
        known = near(name, [item.job for item in rows])
        raise NotFound(f"There is no workflow {name}. {known}".rstrip())
    return found[0]


@workflow.command("list")
@as_json
@pass_console
def list_workflows(console: Console, *, as_json: bool) -> None:
    """List the workflows with their schedules and last runs.

    Example: ./run workflow list
    """
    with console.looking() as runtime:
        rows = [
            {
                "id": line.workflow.id,
                "job": line.workflow.job,
                "channel": line.workflow.kind,
                "name": line.workflow.name,
                "state": line.workflow.state.value,
                "schedule": line.schedule,
                "next_run_at": line.workflow.next_run_at,
                "last_run": line.run.state.value if line.run else "never",
            }
            for line in queries.lines(runtime)
        ]
        emit(rows, table(rows, "There is no workflow."), as_json=as_json)


@workflow.command()
@click.argument("name")
@as_json
@pass_console
def start(console: Console, name: str, *, as_json: bool) -> None:
    """Follow the schedule from now on.

    Example: ./run workflow start synchronise
    """
    with console.runtime() as runtime:
        item = control.start(runtime, named(runtime, name).id)
        text = f"{item.name} is started; next run {item.next_run_at:%Y-%m-%d %H:%M} UTC."
        over = objections(runtime, item)
        if over:
            _say(" ".join([*over, WAITS]))
        emit({"id": item.id, "state": item.state.value}, text, as_json=as_json)


@workflow.command()
@click.argument("name")
@as_json
@pass_console
def stop(console: Console, name: str, *, as_json: bool) -> None:
    """Stop following the schedule; a run under way ends at its next step.

    Example: ./run workflow stop synchronise
    """
    with console.runtime() as runtime:
        item = control.stop(runtime, named(runtime, name).id)
        emit(
            {"id": item.id, "state": item.state.value}, f"{item.name} is stopped.", as_json=as_json
        )


@workflow.command()
@click.argument("name")
@click.option("--wait", is_flag=True, help="Wait for the end; the exit code is 1 if it failed.")
@click.option(
    "--timeout", type=NUMBER, default=3600, show_default=True, help="Seconds to wait at most."
)
@click.option(
    "--over-budget", is_flag=True, help="Run it although it passes the budget of an account."
)
@as_json
@pass_console
def run(console: Console, /, name: str, *, timeout: int, as_json: bool, **asked: bool) -> None:
    """Run a workflow now, even a stopped one.

    A run that would pass the month's budget of an account is refused without --over-budget.

    Example: ./run workflow run synchronise --wait
    """
    with console.runtime() as runtime:
        found = _begin(runtime, named(runtime, name), over_budget=asked["over_budget"])
        if asked["wait"]:
            wait_for(runtime, found, timeout=timeout, tell=_quiet if as_json else _say)
        emit(_row(found), _sentence(found), as_json=as_json)
        if asked["wait"] and found.state is not RunState.DONE:
            raise FanfareError(f"The run ended as {found.state.value}: {found.reason}")


def _begin(runtime: Runtime, item: Workflow, *, over_budget: bool) -> Run:
    try:
        return control.run_now(runtime, item.id, over_budget=over_budget)
    except OverBudget as fault:
        raise OverBudget(f"{fault.message} Give --over-budget to confirm it.") from fault


def wait_for(runtime: Runtime, run: Run, *, timeout: float, tell: Callable[[str], None]) -> None:
    """Wait until a run is over and tell its progress; raise when it stands still or takes long."""
    begins, told = time.monotonic(), ""
    while time.monotonic() - begins < timeout:
        runtime.session.refresh(run)
        runtime.session.commit()
        if (now := _progress(run)) != told:
            tell(told := now)
        if run.state not in OPEN:
            return
        _refuse_waiting(runtime, run)
        if time.monotonic() - begins >= GRACE:
            refuse_standstill(runtime)
            runtime.session.commit()  # Nobody may wait for a command that sleeps.
        time.sleep(POLL)
    raise FanfareError(
        f"The run is still under way after {timeout:g} s; it goes on by itself. "
        f"See {RUN} workflow list."
    )


def _refuse_waiting(runtime: Runtime, run: Run) -> None:
    """Raise a sentence when the run waits for a moment that is not there yet."""
    if run.state is RunState.WAITING and run.resume_at > runtime.now():
        until = f"{run.resume_at:%Y-%m-%d %H:%M:%S}"
        raise FanfareError(f"The run goes on by itself at {until} UTC: {run.reason}")


def _progress(run: Run) -> str:
    whole = f" of {run.total}" if run.total else ""
    return f"{run.state.value}: {run.done}{whole}"


def _say(text: str) -> None:
    click.echo(text, err=True)


def _quiet(_text: str) -> None:
    """Tell nothing, for programs."""


def _sentence(run: Run) -> str:
    counts = [f"{number} {name}" for name, number in run.counts.items()]
    spent = spending.cost(run)
    told = ", ".join([*counts, *([f"cost {money(spent)}"] if spent else [])])
    return f"Run {run.id}: {run.state.value}. {told} {run.reason}".rstrip()


def _row(item: Run) -> dict[str, object]:
    return {
        "id": item.id,
        "state": item.state.value,
        "done": item.done,
        "total": item.total,
        "counts": item.counts,
        "reason": item.reason,
        "cost": str(spending.cost(item)),
    }
