"""What the pages and the command line show of workflows: lines, runs, journals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.workflows.launching import Launch, launch
from webapp.workflows.models import OPEN, Run, RunEntry, Workflow
from webapp.workflows.schedules import cadence

LAST_RUNS = 5
LONGEST_JOURNAL = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A workflow as a row of the list shows it."""

    workflow: Workflow
    schedule: str
    about: str
    run: Run | None
    now: datetime
    # Only pages with buttons that begin runs ask for it.
    launch: Launch | None = None

    @property
    def elapsed(self) -> timedelta | None:
        """How long the last run took, or has been under way."""
        if self.run is None or self.run.started_at is None:
            return None
        return (self.run.ended_at or self.now) - self.run.started_at

    @property
    def left(self) -> timedelta | None:
        """How long the run still needs at its pace; `None` when nobody knows."""
        run, elapsed = self.run, self.elapsed
        if not run or not elapsed or not run.total or not run.done or not self.running:
            return None
        return elapsed * max(0, run.total - run.done) / run.done

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None and self.run.state in OPEN

    @property
    def percent(self) -> int | None:
        """How far the run is; `None` when nobody knows the whole."""
        if self.run is None or not self.run.total:
            return None
        # While it runs on there is more to do than what was counted, such as reading messages.
        return min(99 if self.running else 100, 100 * self.run.done // self.run.total)


@requires(Permission.VIEW)
def lines(runtime: Runtime) -> list[Line]:
    """Return every workflow with its last run, in the order they were made."""
    rows = runtime.session.scalars(
        select(Workflow).options(joinedload(Workflow.folder)).order_by(Workflow.id)
    )
    return [line(runtime, workflow) for workflow in rows]


@requires(Permission.VIEW)
def line(runtime: Runtime, workflow: Workflow) -> Line:
    """Return one workflow with its last run."""
    last = runs(runtime, workflow, most=1)
    return Line(
        workflow=workflow,
        schedule=cadence.words(workflow.schedule, _foreign(runtime, workflow)),
        about=_about(runtime, workflow),
        run=last[0] if last else None,
        now=runtime.now(),
    )


@requires(Permission.VIEW)
def launchable(runtime: Runtime, shown: Line) -> Line:
    """Return a line with what is said before a run of its workflow is begun."""
    return replace(shown, launch=launch(runtime, shown.workflow))


def _about(runtime: Runtime, workflow: Workflow) -> str:
    """Say in a line what a workflow of the core does; empty for one that a plugin brings."""
    task = runtime.domains.tasks.get(workflow.job)
    return str(task.about) if task else ""


def _foreign(runtime: Runtime, workflow: Workflow) -> str:
    """Return the zone of a schedule where it is not that of whoever looks."""
    return "" if workflow.time_zone == runtime.zone.key else workflow.time_zone


@requires(Permission.VIEW)
def runs(runtime: Runtime, workflow: Workflow, *, most: int = LAST_RUNS) -> Sequence[Run]:
    """Return the last runs of a workflow, newest first."""
    query = select(Run).where(Run.workflow_id == workflow.id).order_by(Run.id.desc())
    return runtime.session.scalars(query.limit(most)).all()


@requires(Permission.VIEW)
def latest_run(runtime: Runtime) -> Run | None:
    """Return the run that was begun last, of any workflow."""
    return runtime.session.scalar(select(Run).order_by(Run.id.desc()).limit(1))


@requires(Permission.VIEW)
def run_of(runtime: Runtime, workflow: Workflow, run_id: int | None) -> Run | None:
    """Return the run asked for if it is of this workflow, or else its last one."""
    asked = runtime.session.get(Run, run_id) if run_id else None
    if asked and asked.workflow_id == workflow.id:
        return asked
    last = runs(runtime, workflow, most=1)
    return last[0] if last else None


@requires(Permission.VIEW)
def journal(runtime: Runtime, run: Run) -> Sequence[RunEntry]:
    """Return the newest lines of a run's journal, oldest first."""
    query = select(RunEntry).where(RunEntry.run_id == run.id).order_by(RunEntry.id.desc())
    return runtime.session.scalars(query.limit(LONGEST_JOURNAL)).all()[::-1]


def took(run: Run) -> timedelta | None:
    """Return how long a run took; `None` while it is under way."""
    return run.ended_at - run.started_at if run.ended_at and run.started_at else None
