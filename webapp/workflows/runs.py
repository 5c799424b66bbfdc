"""Carries a run on, step by step, until it ends, waits, or a worker's slice of time is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from webapp.kernel import faults, winding
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.workflows import spending
from webapp.workflows.models import OPEN, Run, RunEntry, RunState


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
    """The run goes on at `until`; `reason` is a sentence for the journal."""

    until: datetime
    reason: str


Step = Done | More | Wait
Task = Callable[[Runtime, Run], Step]


def go_on(runtime: Runtime, run_id: int, task: Task) -> None:
    """Carry a leased run on for one slice of time; its row says where it stands afterwards."""
    run = runtime.session.get(Run, run_id, populate_existing=True)
    if run is None or run.state not in OPEN:
        return
    _begin(runtime, run)
    try:
        _steps(runtime, run, task)
    # The border to code that may fail in any way: a run never stays under way for ever. An outage
    # passes, and the run goes on when its lease is taken again.
    except Exception as fault:
        runtime.session.rollback()
        if faults.is_outage(fault):
            raise
        end(runtime, run, RunState.FAILED, faults.why(fault))


def _begin(runtime: Runtime, run: Run) -> None:
    if run.started_at is None:
        run.started_at = runtime.now()
        journal(runtime, run, _("Started by %(who)s", who=run.started_by))
    run.state = RunState.RUNNING
    runtime.session.commit()


def _steps(runtime: Runtime, run: Run, task: Task) -> None:
    began, held = runtime.clock.system(), run.leased_until
    slice_ends = began + timedelta(seconds=runtime.settings.slice_seconds)
    while True:
        runtime.session.refresh(run)
        if run.leased_until != held:
            # Another worker took it over, or it was ended: two would read everything twice.
            return None
        if run.stop_asked:
            return end(runtime, run, RunState.STOPPED, _("Stopped by an operator"))
        step = task(runtime, run)
        if isinstance(step, Done):
            return end(runtime, run, RunState.DONE, "")
        if isinstance(step, Wait):
            return _wait(runtime, run, step)
        if winding.asked() or not began <= runtime.clock.system() <= slice_ends:
            return _hand_back(runtime, run)
        held = _renew(runtime, run, held)


def _renew(runtime: Runtime, run: Run, held: datetime | None) -> datetime | None:
    """Keep the lease while steps follow each other, so that nobody else takes the run; return it.

    It is written again once a third of it is over, not after each of many short steps, and only
    over the one this worker holds.
    """
    lease = timedelta(seconds=runtime.settings.lease_seconds)
    now = runtime.clock.system()
    if held is not None and lease * 2 / 3 <= held - now <= lease:
        return held
    runtime.session.execute(
        update(Run)
        .where(Run.id == run.id, Run.leased_until == held)
        .values(leased_until=now + lease)
    )
    runtime.session.commit()
    return now + lease


def _wait(runtime: Runtime, run: Run, step: Wait) -> None:
    run.state, run.resume_at, run.reason = RunState.WAITING, step.until, step.reason
    journal(runtime, run, step.reason)
    _hand_back(runtime, run)


def _hand_back(runtime: Runtime, run: Run) -> None:
    run.leased_until = None
    runtime.session.commit()


def end(runtime: Runtime, run: Run, state: RunState, reason: str) -> None:
    """End a run with its reason, which also stands in the journal."""
    run.state, run.reason, run.ended_at = state, reason, runtime.now()
    run.leased_until = None
    cost = spending.sentence(run)
    if cost:
        journal(runtime, run, cost)
    level = "error" if state is RunState.FAILED else "info"
    journal(runtime, run, reason or _("Done"), level=level)
    runtime.session.commit()


def journal(runtime: Runtime, run: Run, text: str, *, level: str = "info") -> None:
    """Add a line to the journal of a run; the caller commits."""
    runtime.session.add(RunEntry(run_id=run.id, at=runtime.now(), level=level, text=text))
