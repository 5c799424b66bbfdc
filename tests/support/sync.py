"""Carries a synchronisation of the fake channel on, as scheduler, clock and workers do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event, select, update

from channels import Person
from channels.clock import FileClock
from tests.support.fakes import person
from webapp.audience.models import Subscription, Visitor
from webapp.audience.sync import task
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.workflows import control, queries, runs
from webapp.workflows.models import Run, RunEntry, Workflow

MOST = 200


class Killed(BaseException):
    """The process ended here: nothing after it runs, no handler either."""


def crowd(count: int, first: int = 0) -> list[Person]:
    """People by number."""
    return [person(number) for number in range(first, first + count)]


def names(people: list[Person]) -> dict[str, str]:
    """Their handles by remote id, as `following` tells them."""
    return {item.remote_id: item.handle for item in people}


def work(runtime: Runtime, workflow: Workflow) -> Run:
    """Begin a run, or go on with the open one, until it ends or waits."""
    run = control.run_now(runtime, workflow.id)
    for _turn in range(MOST):
        for run_id in control.due(runtime):
            runs.go_on(runtime, run_id, task.step)
        runtime.session.refresh(run)
        if run.state not in queries.OPEN or run.resume_at > runtime.now():
            return run
    raise AssertionError("The run never ended.")


def work_through(runtime: Runtime, workflow: Workflow, clock: FileClock) -> Run:
    """Begin a run and wait with it, as often as it waits."""
    for _turn in range(MOST):
        run = work(runtime, workflow)
        if run.state not in queries.OPEN:
            return run
        clock.set(run.resume_at + timedelta(seconds=1))
    raise AssertionError("The run never ended.")


@contextmanager
def killed_at(runtime: Runtime, commit: int) -> Iterator[None]:
    """Kill the worker before a commit; its lease is taken for over."""
    left = [commit]

    def kill(_session: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    event.listen(runtime.session, "before_commit", kill)
    try:
        yield
    except Killed:
        pass
    finally:
        event.remove(runtime.session, "before_commit", kill)
        runtime.session.rollback()
        runtime.session.expire_all()
        runtime.session.execute(update(Run).values(leased_until=None))
        runtime.session.commit()


def following(runtime: Runtime, service: Service) -> dict[str, str]:
    """Who follows a service by Fanfare's rows: handles by remote id."""
    query = select(Visitor.remote_id, Visitor.handle).join(Subscription).where(
        Subscription.service_id == service.id,
        Subscription.followed_at.is_not(None),
        Subscription.ended_at.is_(None),
    )  # fmt: skip
    return dict(runtime.session.execute(query).all())


def subscription(runtime: Runtime, service: Service, remote_id: str) -> Subscription:
    """The row of one person and one service, as the database has it now."""
    query = select(Subscription).join(Visitor)
    return runtime.session.scalars(
        query.where(Subscription.service_id == service.id, Visitor.remote_id == remote_id),
        execution_options={"populate_existing": True},
    ).one()


def said(runtime: Runtime, run: Run) -> list[str]:
    """The journal of a run."""
    query = select(RunEntry.text).where(RunEntry.run_id == run.id).order_by(RunEntry.id)
    return list(runtime.session.scalars(query))
