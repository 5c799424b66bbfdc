from datetime import timedelta

import pytest
from sqlalchemy import func, select

from channels.clock import FileClock
from tests.support.deliveries import sent
from tests.support.factories import make_service, make_subscription, make_workflow
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.audience.models import ReceivedMessage
from webapp.deliveries import control as deliveries
from webapp.deliveries.models import Attempt, Delivery, Message
from webapp.kernel.audit import AuditEntry
from webapp.kernel.db import traces
from webapp.kernel.runtime import Runtime
from webapp.operators.models import LoginThrottle
from webapp.services.models import Service
from webapp.system.tasks import retention
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunEntry, RunState, Workflow

HALF_A_YEAR = timedelta(days=183)
LITTLE = timedelta(minutes=1)


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def workflow(runtime: Runtime) -> Workflow:
    return make_workflow(runtime, job="clean_up", kind="", next_run_at=None)


def count(runtime: Runtime, model: type) -> int:
    runtime.session.expire_all()
    return runtime.session.scalar(select(func.count()).select_from(model)) or 0


def clean_up(runtime: Runtime, workflow: Workflow) -> Run:
    run = control.run_now(runtime, workflow.id)
    control.due(runtime)
    runs.go_on(runtime, run.id, retention.step)
    return run


@pytest.mark.parametrize(("age", "left"), [(HALF_A_YEAR - LITTLE, 3), (HALF_A_YEAR + LITTLE, 0)])
def test_messages_of_a_finished_delivery_leave_after_half_a_year(
    runtime: Runtime, clock: FileClock, service, workflow, age: timedelta, left: int
):
    sent(runtime, service)
    clock.advance(age)

    run = clean_up(runtime, workflow)

    assert run.state is RunState.DONE
    assert (count(runtime, Message), count(runtime, Attempt)) == (left, left)
    assert count(runtime, Delivery) == 1


def test_messages_of_a_stopped_delivery_leave_too(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, workflow
):
    network.limits = [direct_limit(1)]
    delivery = sent(runtime, service)
    deliveries.stop(runtime, delivery.id)
    clock.advance(HALF_A_YEAR + LITTLE)

    clean_up(runtime, workflow)

    assert count(runtime, Message) == 0


def test_messages_of_a_delivery_on_its_way_stay_however_old(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, workflow
):
    network.limits = [direct_limit(1)]
    sent(runtime, service)
    clock.advance(HALF_A_YEAR + LITTLE)

    clean_up(runtime, workflow)

    assert count(runtime, Message) == 3


def test_old_runs_leave_with_their_journals_and_the_one_under_way_stays(
    runtime: Runtime, clock: FileClock, workflow
):
    clean_up(runtime, workflow)
    clock.advance(timedelta(days=90) + LITTLE)

    run = clean_up(runtime, workflow)

    assert list(runtime.session.scalars(select(Run.id))) == [run.id]
    assert set(runtime.session.scalars(select(RunEntry.run_id))) == {run.id}
    assert run.counts["runs"] == 1


@pytest.mark.parametrize("column", ["wrote_first_at", "opted_in_at", "opted_out_at", "doubted_at"])
def test_what_people_wrote_leaves_but_for_what_their_consent_stands_on(
    runtime: Runtime, clock: FileClock, service, workflow, column: str
):
    now = runtime.now()
    row = make_subscription(runtime, service, **{"wrote_first_at": None, column: now})
    for number in range(3):
        runtime.session.add(
            ReceivedMessage(
                service_id=service.id,
                visitor_id=row.visitor_id,
                remote_id=f"m{number}",
                text="Hello",
                received_at=now + timedelta(minutes=number),
                read_at=now,
            )
        )
    runtime.session.commit()
    clock.advance(HALF_A_YEAR + LITTLE + timedelta(hours=1))

    clean_up(runtime, workflow)

    assert list(runtime.session.scalars(select(ReceivedMessage.remote_id))) == ["m0"]
    assert getattr(row, column) == now


def test_the_audit_is_kept_for_180_days_and_failed_log_ins_for_one(
    runtime: Runtime, clock: FileClock, service, workflow
):
    runtime.record("service.create", service)
    runtime.session.add(LoginThrottle(key="somebody", failures=3, failed_at=runtime.now()))
    runtime.session.commit()
    clock.advance(timedelta(days=180) - LITTLE)
    clean_up(runtime, workflow)
    kept = select(func.count()).where(AuditEntry.action == "service.create")
    assert (runtime.session.scalar(kept), count(runtime, LoginThrottle)) == (1, 0)
    clock.advance(2 * LITTLE)

    clean_up(runtime, workflow)

    assert runtime.session.scalar(kept) == 0


def test_a_clean_up_works_in_batches_and_goes_on_after_a_crash(
    runtime: Runtime, clock: FileClock, service, workflow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(retention, "BATCH", 2)
    sent(runtime, service, people=5)
    clock.advance(HALF_A_YEAR + LITTLE)
    run = control.run_now(runtime, workflow.id)
    while count(runtime, Message) == 5:
        retention.step(runtime, run)
    assert count(runtime, Message) == 3

    run = clean_up(runtime, workflow)

    assert (count(runtime, Message), run.counts["messages"]) == (0, 5)


def test_the_journal_is_emptied_once_all_that_is_old_has_left(
    runtime: Runtime, clock: FileClock, service, workflow, monkeypatch: pytest.MonkeyPatch
):
    left: list[int] = []
    monkeypatch.setattr(traces, "overwrite", lambda _session: left.append(count(runtime, Message)))
    sent(runtime, service)
    clock.advance(HALF_A_YEAR + LITTLE)

    clean_up(runtime, workflow)

    assert left == [0]
