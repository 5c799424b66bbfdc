"""A machine's clock that is set back by an hour stops nothing, and nobody claims that all runs."""

from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest

from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import begin, ready
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.fakes import FakeNetwork
from tests.support.queues import InlineQueue
from webapp.audience.inbox import reader
from webapp.deliveries import analysis, sending
from webapp.deliveries.models import Delivery
from webapp.kernel import leases
from webapp.kernel.background.availability import SCHEDULER, scheduler_runs
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.processes import queue as queues
from webapp.kernel.processes.queue import ALIVE_FOR, RedisQueue
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.expiry import SKEW, lately
from webapp.services.connection import snapshot_refresh
from webapp.system import health
from webapp.system.processes.scheduler import tick
from webapp.system.web import layout
from webapp.workflows import control, runs
from webapp.workflows.models import Run

HOUR = timedelta(hours=1)
# All that a slice of two messages has, see test_fences.
COMMITS = range(1, 17)


@pytest.fixture
def delivery(runtime: Runtime, service) -> Delivery:
    return begin(runtime, ready(runtime, service, people=2))


@pytest.fixture
def service(runtime: Runtime):
    return make_service(runtime)


@pytest.fixture
def workers(runtime: Runtime, clock: FileClock, delivery: Delivery) -> Workers:
    return Workers(runtime, clock, delivery)


def set_back(workers: Workers) -> None:
    workers.clock.pass_time(-HOUR)


def test_a_leased_delivery_goes_on_at_once(workers: Workers, network: FakeNetwork):
    with workers.worker() as gone:
        assert leases.take(gone, Delivery, workers.delivery_id, "gone", sending.is_due(gone))
        assert sending.due(gone) == []
    set_back(workers)

    with workers.worker() as another:
        assert sending.due(another) == [workers.delivery_id]
    workers.slice()

    assert workers.states() == ["sent", "sent"]


def test_a_delivery_that_was_handed_back_goes_on_at_once(
    runtime: Runtime, clock: FileClock, delivery: Delivery
):
    clock.advance(-HOUR)

    assert sending.due(runtime) == [delivery.id]


@pytest.mark.one_database
@pytest.mark.parametrize("at", COMMITS)
@pytest.mark.parametrize("dies", ["dies", ""])
def test_a_clock_set_back_after_any_commit_sends_nothing_twice_and_loses_nothing(
    workers: Workers, network: FakeNetwork, at: int, dies: str
):
    def happens() -> None:
        set_back(workers)
        if dies:
            workers.crash()
        workers.finish()

    workers.slice(at=at, happens=happens)

    workers.finish()
    assert workers.states() == ["sent"] * 2
    assert len(set(network.directs)) == len(network.directs) == 2


def test_a_call_under_way_is_asked_about_and_not_made_again(workers: Workers, network: FakeNetwork):
    def during_the_call() -> None:
        network.before = []
        set_back(workers)
        with workers.worker() as another:
            assert sending.due(another) == [workers.delivery_id]
        workers.slice()

    network.before = [during_the_call]
    workers.slice()
    workers.finish()

    assert workers.states() == ["sent", "sent"]
    assert len(network.directs) == 2


def test_a_scheduler_that_fell_silent_is_noticed_and_replaced(
    runtime: Runtime, clock: FileClock, delivery: Delivery
):
    tick(runtime, "first")
    row = runtime.session.get_one(Heartbeat, SCHEDULER)
    row.seen_at += HOUR
    runtime.session.commit()

    assert not scheduler_runs(runtime)
    part = next(item for item in health.report(runtime).parts if item.name == "Scheduler")
    assert (part.ok, "was set back" in part.detail) == (False, True)
    # A sign of life that lies ahead is none that was seen some seconds ago.
    assert part.seen_at is None
    title = layout.frame(runtime)["banners"][0].title
    assert title == "Scheduler: down; its last sign of life lies ahead, so the clock was set back."
    tick(runtime, "second")

    assert scheduler_runs(runtime)
    assert row.held_by == "second"


def test_a_worker_seen_ahead_is_seen_again(runtime: Runtime, queue: InlineQueue):
    tick(runtime, "here")
    row = runtime.session.get_one(Heartbeat, health.WORKER)
    row.seen_at += HOUR
    runtime.session.commit()

    tick(runtime, "here")

    assert row.seen_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("ahead", "alive"), [(timedelta(), 1), (SKEW / 2, 1), (HOUR, 0), (-ALIVE_FOR, 0)]
)
def test_a_workers_sign_of_life_that_lies_ahead_is_none(monkeypatch, ahead, alive):
    class Seen:
        last_heartbeat = datetime.now(UTC) + ahead
        get_state = staticmethod(lambda: "busy")

    monkeypatch.setattr(queues.Worker, "all", lambda **_named: [Seen])
    redis = RedisQueue("redis://localhost:1")
    monkeypatch.setattr(
        redis, "queue", type("Empty", (), {"count": 0, "get_jobs": lambda *_: []})()
    )
    monkeypatch.setattr(redis, "_quick", Mock())

    assert redis.health().workers == alive


def test_a_run_goes_on_at_once_and_its_old_worker_leaves_it_alone(
    runtime: Runtime, clock: FileClock
):
    run = control.run_now(runtime, make_workflow(runtime, next_run_at=None).id)
    steps = []

    def step(taken: Runtime, _run: object) -> runs.Step:
        steps.append("a step")
        run.leased_until += HOUR
        run.resume_at += HOUR
        runtime.session.commit()
        assert control.due(runtime) == [run.id]
        another = leases.take(runtime, Run, run.id, "another", runs.is_due(runtime))
        assert another
        assert another.lease != taken.lease
        return runs.More()

    runtime.session.refresh(run)
    runs.go_on(runtime, run.id, step)

    assert steps == ["a step"]
    assert run.state.value == "running"


def test_an_inbox_read_ahead_is_read_again(runtime: Runtime, network: FakeNetwork, service):
    service.inbox_read_at = runtime.now() + HOUR
    runtime.session.commit()

    assert reader.unheard(service, runtime.now())
    reader.read_if_due(runtime, service)

    assert network.inbox_reads == [None]


def test_an_account_read_ahead_is_read_again(runtime: Runtime, service):
    service.account_read_at = runtime.now() + HOUR

    assert not snapshot_refresh.is_fresh(runtime, service)


def test_an_analysis_goes_on_at_once(runtime: Runtime, draft_to_analyse: Delivery):
    assert analysis.due(runtime) == [draft_to_analyse.id]
    draft_to_analyse.leased_until = runtime.clock.system() + HOUR
    runtime.session.commit()

    assert analysis.due(runtime) == [draft_to_analyse.id]


@pytest.fixture
def draft_to_analyse(runtime: Runtime, service) -> Delivery:
    return analysis.start(runtime, make_delivery(runtime, service).id)


def test_clocks_that_differ_a_little_are_no_set_back():
    now = datetime(2026, 11, 23, tzinfo=UTC)

    assert lately(now + SKEW, now, HOUR)
    assert not lately(now + SKEW + timedelta(seconds=1), now, HOUR)
