"""Carries a run on, step by step, until it ends, waits, or a worker's slice of time is over."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, inspect, or_

from webapp.kernel import faults, leases
from webapp.kernel.errors import FanfareError
from webapp.kernel.processes import shutdown
from webapp.kernel.processes.ahead import asking_ahead
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.workflows import spending
from webapp.workflows.models import OPEN, Run, RunEntry, RunState

log = logging.getLogger(__name__)

COLUMNS = [column.key for column in inspect(Run).column_attrs]


class RunFailed(FanfareError):
    """A run cannot go on; the sentence is its reason."""


@dataclass(frozen=True, slots=True)
class Done:
    """The run is at its end."""


@dataclass(frozen=True, slots=True)
class More:
    """The next step may follow at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The run goes on at `until`; `reason` is for the journal."""

    until: datetime
    reason: Notice


Step = Done | More | Wait
Task = Callable[[Runtime, Run], Step]


def is_due(runtime: Runtime) -> ColumnElement[bool]:
    """Return the condition that a run goes on now.

    Only one that waits has its time ahead; another's may be, where the clock was set back.
    """
    in_time = or_(Run.state != RunState.WAITING, Run.resume_at <= runtime.now())
    return and_(Run.state.in_(OPEN), in_time)


def go_on(runtime: Runtime, run_id: int, task: Task, token: str = "") -> None:
    """Carry a run on for one slice of time, if it is due and nobody has it in hand.

    Its row says where it stands afterwards.
    """
    taken = leases.take(runtime, Run, run_id, token, is_due(runtime))
    if taken is None:
        return
    with asking_ahead() as ahead:
        run = taken.session.get_one(Run, run_id, populate_existing=True)
        _go_on(replace(taken, ahead=ahead), run, task)


def _go_on(runtime: Runtime, run: Run, task: Task) -> None:
    try:
        if _ours(runtime, run):
            _begin(runtime, run)
            _steps(runtime, run, task)
    # The border to code that may fail in any way: a run never stays under way for ever. An outage
    # passes, and the run goes on when its lease is taken again.
    except Exception as fault:
        runtime.session.rollback()
        if faults.is_outage(fault):
            raise
        if _ours(runtime, run):
            end(runtime, run, RunState.FAILED, faults.why(fault))
        else:
            log.warning("Run %s is another worker's by now: %s", run.id, type(fault).__name__)


def _ours(runtime: Runtime, run: Run) -> bool:
    """Read the run again and tell whether it is still this job's: two would read it all twice.

    Its workflow is not read again with it, for each step: what kind it is of never changes.
    """
    runtime.session.refresh(run, COLUMNS)
    return leases.holds(runtime, run)


def _begin(runtime: Runtime, run: Run) -> None:
    if run.started_at is None:
        run.started_at = runtime.now()
        journal(runtime, run, Notice("run_started", who=run.started_by or Notice("by_schedule")))
    run.state = RunState.RUNNING
    runtime.session.commit()


def _steps(runtime: Runtime, run: Run, task: Task) -> None:
    began = runtime.clock.system()
    while _ours(runtime, run):
        if run.stop_asked:
            return _stop(runtime, run)
        step = task(runtime, run)
        if isinstance(step, Done):
            return end(runtime, run, RunState.DONE, NOTHING)
        if isinstance(step, Wait):
            return _wait(runtime, run, step)
        if _is_over(runtime, began) and _is_all_taken(runtime):
            return _hand_back(runtime, run)
        if not (shutdown.asked() or leases.keep_up(runtime)):
            break
    return None


def _is_over(runtime: Runtime, began: datetime) -> bool:
    """Tell whether the slice of time is over, or the worker was asked to end."""
    ends = began + timedelta(seconds=runtime.settings.batch_seconds)
    return shutdown.asked() or not began <= runtime.clock.system() <= ends


def _is_all_taken(runtime: Runtime) -> bool:
    """Let nothing more be asked for; tell whether the steps took all that was.

    What was asked for is paid, so it is written before the run is handed back.
    """
    return runtime.ahead is None or runtime.ahead.close()


def _stop(runtime: Runtime, run: Run) -> None:
    """Obey at once: what was asked for ahead is paid for, and dropped."""
    if runtime.ahead is not None:
        runtime.ahead.drop()
    end(runtime, run, RunState.STOPPED, Notice("run_stopped"))


def _wait(runtime: Runtime, run: Run, step: Wait) -> None:
    """Let a run wait; one that was asked to stop meanwhile stops at its next step instead."""
    runtime.session.flush()  # What the step changed would be lost by reading the row again.
    runtime.session.refresh(run, with_for_update=True)
    if not run.stop_asked:
        run.state, run.resume_at, run.reason = RunState.WAITING, step.until, step.reason
        journal(runtime, run, step.reason)
    _hand_back(runtime, run)


def _hand_back(runtime: Runtime, run: Run) -> None:
    leases.release(run)
    runtime.session.commit()


def end(runtime: Runtime, run: Run, state: RunState, reason: Notice) -> None:
    """End a run with its reason, which also stands in the journal."""
    run.state, run.reason, run.ended_at = state, reason, runtime.now()
    leases.release(run)
    cost = spending.sentence(run)
    if cost:
        journal(runtime, run, cost)
    level = "error" if state is RunState.FAILED else "info"
    journal(runtime, run, reason or Notice("run_done"), level=level)
    runtime.session.commit()


def journal(runtime: Runtime, run: Run, text: Notice, *, level: str = "info") -> None:
    """Add a line to the journal of a run; the caller commits."""
    runtime.session.add(RunEntry(run_id=run.id, at=runtime.now(), level=level, text=text))
