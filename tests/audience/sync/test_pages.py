"""The next page is read while this one is written: at most one, paid for before it is asked."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from channels import ChannelContext, ChannelError, ErrorKind, Limit, Operation, Price, Scope
from tests.support.fakes import FakeNetwork
from tests.support.sync import crowd, following, killed_at, names, said, work
from webapp.audience.bulk import upserts
from webapp.audience.sync import task
from webapp.kernel import leases
from webapp.kernel.processes import shutdown
from webapp.kernel.runtime import Runtime
from webapp.services.channel import state
from webapp.services.client import Client
from webapp.services.models import Charge, QuotaWindow, Service
from webapp.workflows import control, runs, spending
from webapp.workflows.models import Run, RunState, Workflow

pytestmark = pytest.mark.usefixtures("small_pages")
CENT = Decimal("0.01")


@pytest.fixture(autouse=True)
def eight_people(network: FakeNetwork) -> None:
    """Pages of three, three and two people at a cent each."""
    network.people = crowd(8)
    network.prices = [Price(operation=Operation.AUDIENCE, amount=CENT, label="Follower read")]
    network.limits = [
        Limit(operation=Operation.AUDIENCE, scope=Scope.ACCOUNT, seconds=900, cap=300)
    ]


@pytest.fixture
def while_written(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[], None]], None]:
    """Let something happen while each page is written."""

    def plan(happens: Callable[[], None]) -> None:
        write = upserts.followers

        def followers(*given: Any) -> upserts.Found:
            happens()
            return write(*given)

        monkeypatch.setattr(upserts, "followers", followers)

    return plan


def charged(runtime: Runtime) -> int:
    """For how many people the account was charged."""
    calls = select(func.sum(Charge.calls)).where(Charge.operation == Operation.AUDIENCE.name)
    return runtime.session.scalar(calls) or 0


def one_slice(runtime: Runtime, workflow: Workflow) -> Run:
    """Begin a run, and carry it on for one slice."""
    run = control.run_now(runtime, workflow.id)
    runs.go_on(runtime, run.id, task.step)
    runtime.session.refresh(run)
    return run


def test_the_next_page_is_read_while_this_one_is_written_and_no_other(
    runtime: Runtime, network: FakeNetwork, service, workflow, while_written
):
    begun = {None: threading.Event(), "3": threading.Event(), "6": threading.Event()}
    follows = {1: "3", 2: "6"}
    seen = []
    network.on_read = lambda _context: begun[network.reads[-1]].set()

    def look() -> None:
        number = len(seen) + 1
        assert begun[follows.get(number)].wait(30)
        seen.append(list(network.reads))

    while_written(look)

    work(runtime, workflow)

    assert seen == [[None, "3"], [None, "3", "6"], [None, "3", "6"]]
    assert following(runtime, service) == names(network.people)


def test_a_page_is_asked_for_after_its_turn_and_its_price_are_committed(
    runtime: Runtime, network: FakeNetwork, service, workflow, monkeypatch: pytest.MonkeyPatch
):
    order: list[object] = []
    reserve, charge = Client.reserve, Client.charge

    def reserved(client: Client, operation: Operation) -> None:
        reserve(client, operation)
        order.append(("turn", operation))

    def paid(client: Client, operation: Operation, **more: Any) -> Decimal:
        order.append(("price", more["count"]))
        return charge(client, operation, **more)

    monkeypatch.setattr(Client, "reserve", reserved)
    monkeypatch.setattr(Client, "charge", paid)
    network.on_read = lambda _context: order.append(network.reads[-1])
    event.listen(runtime.session, "after_commit", lambda _session: order.append("commit"))

    work(runtime, workflow)

    for cursor, people in (("3", 3), ("6", 3)):
        before = order[: order.index(cursor)]
        turn = len(before) - 1 - before[::-1].index(("turn", Operation.AUDIENCE))
        assert before[turn + 1 :][:2] == [("price", people), "commit"]
    # The last page had two people.
    assert (charged(runtime), order.count(("price", -1))) == (8, 1)


@pytest.mark.parametrize("commit", range(2, 30))
def test_whatever_was_asked_before_a_crash_is_paid_for_and_nothing_is_lost(
    runtime: Runtime, network: FakeNetwork, service, workflow, commit: int
):
    with killed_at(runtime, commit):
        work(runtime, workflow)

    asked = sum(1 for cursor in list(network.reads) if cursor)
    run = runtime.session.scalars(select(Run)).first()
    assert charged(runtime) >= 3 * asked
    # The place stands behind what was written, wherever that was read ahead.
    written = len(following(runtime, service))
    assert written in (0, 3, 6, 8)
    if run and run.checkpoint.get("phase") == "audience":
        assert run.checkpoint["cursor"] == (str(written) if written else None)
    run = work(runtime, workflow)
    assert following(runtime, service) == names(network.people)
    assert spending.cost(run) == CENT * charged(runtime)


@pytest.mark.parametrize(
    "fault",
    [
        ChannelError("No more now.", kind=ErrorKind.LIMITED),
        ChannelError("The line was cut.", kind=ErrorKind.UNKNOWN),
        ChannelError("No credits are left.", kind=ErrorKind.SENDER),
    ],
)
def test_a_fault_of_the_page_ahead_undoes_nothing_of_this_one(
    runtime: Runtime, network: FakeNetwork, service, workflow, fault: ChannelError
):
    network.before = [None, fault]

    run = work(runtime, workflow)

    assert run.state is RunState.WAITING
    assert following(runtime, service) == names(network.people[:3])
    # A page that did not come costs nothing.
    assert charged(runtime) == 3
    assert spending.cost(run) == 3 * CENT


def test_a_limit_that_allows_no_page_ahead_is_met_once_this_one_is_written(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.limits = [Limit(operation=Operation.AUDIENCE, scope=Scope.ACCOUNT, seconds=900, cap=1)]

    run = work(runtime, workflow)

    assert (run.state, network.reads, run.done) == (RunState.WAITING, [None], 3)
    assert runtime.session.scalars(select(QuotaWindow.used)).one() == 1
    assert charged(runtime) == 3


def test_a_stop_is_obeyed_and_what_was_read_ahead_is_paid_for(
    runtime: Runtime, network: FakeNetwork, service, workflow, while_written
):
    while_written(lambda: runtime.session.execute(update(Run).values(stop_asked=True)))

    run = one_slice(runtime, workflow)

    assert (run.state, network.reads) == (RunState.STOPPED, [None, "3"])
    assert following(runtime, service) == names(network.people[:3])
    assert run.checkpoint["cursor"] == "3"
    assert charged(runtime) == 6
    assert any("$0.06" in line for line in said(runtime, run))


def test_a_worker_that_is_to_end_writes_what_it_asked_for_and_asks_no_more(
    runtime: Runtime,
    network: FakeNetwork,
    service,
    workflow,
    while_written,
    monkeypatch: pytest.MonkeyPatch,
):
    while_written(lambda: monkeypatch.setattr(shutdown, "asked", lambda: True))

    run = one_slice(runtime, workflow)

    assert (run.state, run.lease_token) == (RunState.RUNNING, leases.NOBODY)
    assert network.reads == [None, "3"]
    assert run.checkpoint["cursor"] == "6"
    assert following(runtime, service) == names(network.people[:6])


def test_a_slice_that_is_over_loses_no_page_that_was_asked_for(
    runtime: Runtime, network: FakeNetwork, service, workflow, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runs, "_is_over", lambda *_given: True)

    work(runtime, workflow)

    assert network.reads == [None, "3", "6"]
    assert following(runtime, service) == names(network.people)
    assert charged(runtime) == 8


def between_pages(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Let something happen once the first page is written."""
    keep_up = leases.keep_up

    def kept(runtime: Runtime) -> bool:
        if runtime.ahead and not runtime.ahead.is_open:
            change()
            runtime.session.commit()
        return keep_up(runtime)

    monkeypatch.setattr(leases, "keep_up", kept)


def test_a_run_that_is_another_workers_by_now_is_left_alone_and_its_page_is_paid_for(
    runtime: Runtime, network: FakeNetwork, service, workflow, monkeypatch: pytest.MonkeyPatch
):
    taken = update(Run).values(lease_token="another").execution_options(synchronize_session=False)
    between_pages(monkeypatch, lambda: runtime.session.execute(taken))

    run = one_slice(runtime, workflow)

    assert (run.lease_token, run.checkpoint["cursor"], run.done) == ("another", "3", 3)
    assert network.reads == [None, "3"]
    assert charged(runtime) == 6


def test_an_account_removed_meanwhile_gets_no_more_people(
    runtime: Runtime, network: FakeNetwork, service, workflow, monkeypatch: pytest.MonkeyPatch
):
    removed = update(Service).values(removed_at=runtime.now())
    between_pages(monkeypatch, lambda: runtime.session.execute(removed))

    run = one_slice(runtime, workflow)

    assert (run.state, run.done) == (RunState.DONE, 3)
    assert network.reads == [None, "3"]
    assert charged(runtime) == 6


def test_a_channel_changes_its_state_from_a_page_ahead_where_the_session_is(
    runtime: Runtime, network: FakeNetwork, service, workflow, monkeypatch: pytest.MonkeyPatch
):
    where, swap = [], state.swap

    def swapped(*given: Any) -> tuple[bool, str]:
        where.append(threading.current_thread())
        return swap(*given)

    def read(context: ChannelContext) -> None:
        pages = context.state.get("pages", "")
        assert context.swap("pages", pages, f"{pages}x")

    monkeypatch.setattr(state, "swap", swapped)
    network.on_read = read

    work(runtime, workflow)

    assert where == [threading.current_thread()] * 3
    assert state.swap(runtime, (service.id, "pages"), "xxx", state.Remembered(""))[0]
