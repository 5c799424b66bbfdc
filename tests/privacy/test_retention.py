"""Wishes that are over leave after their time; one that waits never does."""

from datetime import timedelta

import pytest

from channels.clock import FileClock
from tests.support.factories import make_visitor, make_workflow
from webapp.kernel.runtime import Runtime
from webapp.privacy import wishes
from webapp.privacy.models import ErasureWish
from webapp.system.tasks import retention
from webapp.workflows import control, runs

KEPT = timedelta(days=90)
LITTLE = timedelta(minutes=1)


@pytest.mark.parametrize(("age", "left"), [(KEPT - LITTLE, 2), (KEPT + LITTLE, 1)])
def test_wishes_that_are_over_leave_after_ninety_days_and_those_that_wait_stay(
    runtime: Runtime, clock: FileClock, age: timedelta, left: int
):
    workflow = make_workflow(runtime, job="clean_up", kind="", next_run_at=None)
    waits, over = (wishes.ask(runtime, make_visitor(runtime).id) for _ in range(2))
    wishes.withdraw(runtime, over.id)
    clock.advance(age)

    run = control.run_now(runtime, workflow.id)
    control.due(runtime)
    runs.go_on(runtime, run.id, retention.step)

    kept = runtime.session.query(ErasureWish.id).order_by(ErasureWish.id).all()
    assert len(kept) == left
    assert (waits.id,) in kept
