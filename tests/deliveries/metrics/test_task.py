"""What networks count of posts is read once a day and kept by day; what is unknown has no row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import select

from channels import ChannelContext, ChannelError, ErrorKind, Operation, PostFigures, Price
from channels.clock import FileClock
from tests.support.deliveries import sent
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.deliveries.control import delete_post
from webapp.deliveries.metrics import task
from webapp.deliveries.models import Delivery, DeliveryKind, Message, PostMetric
from webapp.deliveries.queries import results
from webapp.kernel.runtime import Runtime
from webapp.services.models import AccountFigure, Charge, Service, ServiceState
from webapp.system.setup import defaults
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunState, Workflow

DAY = timedelta(days=1)
NUMBERS = count()


@dataclass
class FakeMetrics:
    """A network that counts what a test lays out, two posts at once."""

    counted: dict[str, dict[str, int]] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    faults: list[ChannelError] = field(default_factory=list)

    def figures(self) -> Mapping[str, str]:
        return {"views": "Views", "likes": "Likes"}

    def at_once(self) -> int:
        return 2

    def read(self, _context: ChannelContext, remote_ids: Sequence[str]) -> list[PostFigures]:
        self.asked.append(tuple(remote_ids))
        if self.faults:
            raise self.faults.pop(0)
        known = [name for name in remote_ids if name in self.counted]
        return [PostFigures(remote_id=name, figures=self.counted[name]) for name in known]


@pytest.fixture
def metrics(runtime: Runtime) -> FakeMetrics:
    part = FakeMetrics()
    runtime.registry.get("fake").metrics = part
    defaults.ensure(runtime)
    return part


def published(runtime: Runtime, service: Service) -> Delivery:
    text = f"Spring is here, number {next(NUMBERS)}"
    return sent(runtime, service, people=0, kind=DeliveryKind.POST, content=text)


def read(runtime: Runtime) -> Run:
    """Let the workflow of the fake channel run to its end, or until it waits."""
    workflow = runtime.session.scalars(
        select(Workflow).where(Workflow.job == task.READ_METRICS, Workflow.kind == "fake")
    ).one()
    run = control.run_now(runtime, workflow.id)
    return carry_on(runtime, run)


def carry_on(runtime: Runtime, run: Run) -> Run:
    runs.go_on(runtime, run.id, task.step)
    runtime.session.expire_all()
    return run


def rows(runtime: Runtime) -> list[tuple[date, str, int]]:
    query = select(PostMetric).order_by(PostMetric.message_id, PostMetric.day, PostMetric.figure)
    return [(row.day, row.figure, row.value) for row in runtime.session.scalars(query)]


def test_figures_are_kept_by_day_and_the_later_reading_of_a_day_stays(
    runtime: Runtime, service: Service, metrics: FakeMetrics, clock: FileClock
):
    published(runtime, service)
    for views in (5, 8):
        metrics.counted["p0"] = {"views": views}
        assert read(runtime).state is RunState.DONE
    clock.advance(DAY)
    metrics.counted["p0"] = {"views": 13, "likes": 2}
    read(runtime)

    today = date(2026, 11, 24)
    assert rows(runtime) == [
        (today - DAY, "views", 8),
        (today, "likes", 2),
        (today, "views", 13),
    ]


def test_the_account_is_read_once_a_day_before_its_posts(
    runtime: Runtime, service: Service, metrics: FakeMetrics, clock: FileClock
):
    service.remote_id, service.account_read_at = "1", None
    runtime.session.commit()
    for _number in range(2):
        assert read(runtime).state is RunState.DONE
    clock.advance(DAY)
    read(runtime)

    found = runtime.session.scalars(
        select(AccountFigure.day).where(AccountFigure.figure == "followers")
    )
    assert sorted(found) == [date(2026, 11, 23), date(2026, 11, 24)]


def test_a_post_that_the_network_does_not_tell_of_stays_unknown(
    runtime: Runtime, service: Service, metrics: FakeMetrics
):
    delivery = published(runtime, service)
    read(runtime)

    assert metrics.asked == [("p0",)]
    assert rows(runtime) == []
    assert results.posts_of(runtime, delivery)[0].figures is None


def test_all_posts_are_asked_about_a_request_at_a_time(
    runtime: Runtime, service: Service, metrics: FakeMetrics
):
    for _number in range(3):
        published(runtime, service)
    other = make_service(runtime, internal_name="other")
    published(runtime, other)
    run = read(runtime)

    assert run.state is RunState.DONE
    assert metrics.asked == [("p0", "p1"), ("p2",), ("p3",)]


def test_old_posts_and_those_that_were_taken_back_are_not_asked_about(
    runtime: Runtime, service: Service, metrics: FakeMetrics, clock: FileClock
):
    published(runtime, service)
    clock.advance(31 * DAY)
    gone = published(runtime, service)
    message = runtime.session.scalars(select(Message).where(Message.delivery_id == gone.id)).one()
    delete_post.take_back(runtime, gone.id, message.id)
    read(runtime)

    assert metrics.asked == []


def test_the_page_of_a_delivery_shows_what_was_read_last(
    runtime: Runtime, service: Service, metrics: FakeMetrics, marketer
):
    delivery = published(runtime, service)
    metrics.counted["p0"] = {"views": 4321}
    read(runtime)

    assert "4,321" in marketer.get(f"/deliveries/{delivery.id}").text


def test_a_spent_limit_is_waited_for_and_nothing_is_asked_twice(
    runtime: Runtime, service: Service, metrics: FakeMetrics, clock: FileClock
):
    for _number in range(3):
        published(runtime, service)
    until = runtime.now() + timedelta(minutes=15)
    limited = ChannelError("Spent.", kind=ErrorKind.LIMITED, code="limited", retry_at=until)
    metrics.counted = {name: {"views": 1} for name in ("p0", "p1", "p2")}
    metrics.faults = [limited]
    run = read(runtime)
    assert (run.state, run.resume_at) == (RunState.WAITING, until)

    clock.set(until, rate=0)
    carry_on(runtime, run)

    assert metrics.asked == [("p0", "p1"), ("p0", "p1"), ("p2",)]
    assert len(rows(runtime)) == 3


def test_an_account_at_fault_is_marked_and_the_others_are_read(
    runtime: Runtime, service: Service, metrics: FakeMetrics
):
    other = make_service(runtime, internal_name="other")
    for account in (service, other):
        published(runtime, account)
    metrics.faults = [ChannelError("No.", kind=ErrorKind.SENDER, code="bad_token")]
    metrics.counted["p1"] = {"views": 1}
    run = read(runtime)

    assert run.state is RunState.FAILED
    assert runtime.session.get_one(Service, service.id).state is ServiceState.NEEDS_FIXING
    assert len(rows(runtime)) == 1


def test_what_is_read_is_charged_and_never_passes_the_budget(
    runtime: Runtime, service: Service, metrics: FakeMetrics, network: FakeNetwork
):
    published(runtime, service)
    metrics.counted["p0"] = {"views": 1}
    network.prices = [Price(operation=Operation.METRICS, amount=Decimal("0.01"), label="A post")]
    service.monthly_budget = Decimal("0.015")
    runtime.session.commit()

    assert read(runtime).state is RunState.DONE
    charges = runtime.session.scalars(select(Charge).where(Charge.operation == "metrics")).all()
    assert [(item.calls, item.amount) for item in charges] == [(1, Decimal("0.01"))]

    waits = read(runtime)
    assert waits.state is RunState.WAITING
    assert "budget" in waits.reason
    assert len(metrics.asked) == 1


def test_a_channel_that_counts_nothing_has_no_such_workflow(runtime: Runtime):
    defaults.ensure(runtime)

    assert not runtime.session.scalars(
        select(Workflow).where(Workflow.job == task.READ_METRICS, Workflow.kind == "fake")
    ).all()
