from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from channels import ChannelError, ErrorKind, Limit, Operation, Scope
from channels.clock import FileClock
from tests.support.fakes import FakeNetwork
from tests.support.sync import crowd, following, killed_at, names, said, work, work_through
from webapp.kernel.runtime import Runtime
from webapp.services.models import QuotaWindow, ServiceState
from webapp.workflows.models import Run, RunEntry, RunState

pytestmark = pytest.mark.usefixtures("small_pages")


@pytest.mark.parametrize("commit", range(2, 25))
def test_a_run_killed_at_any_commit_is_made_good(
    runtime: Runtime, network: FakeNetwork, service, workflow, commit: int
):
    network.people = crowd(8)

    with killed_at(runtime, commit):
        work(runtime, workflow)
    run = work(runtime, workflow)

    assert run.state is RunState.DONE
    assert following(runtime, service) == names(network.people)
    assert (run.done, run.counts["new"], run.counts["ended"]) == (8, 8, 0)
    # A page that was written is not read, and paid for, again: at most the one that was just being
    # written, and the one that was read meanwhile.
    assert len(network.reads) <= 5


def test_a_spent_limit_waits_for_its_window_and_goes_on_where_it_was(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, workflow
):
    network.people = crowd(8)
    network.limits = [Limit(operation=Operation.AUDIENCE, scope=Scope.ACCOUNT, seconds=900, cap=2)]

    waiting = work(runtime, workflow)

    assert (waiting.state, waiting.resume_at) == (
        RunState.WAITING,
        runtime.now() + timedelta(minutes=15),
    )
    assert waiting.reason == "@ateliernord: the limit for reading is spent"
    assert work_through(runtime, workflow, clock).state is RunState.DONE
    assert network.reads == [None, "3", "6"]


def test_a_refusal_that_names_a_time_waits_until_then(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, workflow
):
    until = runtime.now() + timedelta(minutes=7)
    network.people = crowd(8)
    network.limits = [
        Limit(operation=Operation.AUDIENCE, scope=Scope.ACCOUNT, seconds=900, cap=300)
    ]
    limited = ChannelError("X allows no more now.", kind=ErrorKind.LIMITED, retry_at=until)
    network.before = [None, limited]

    run = work(runtime, workflow)

    assert (run.state, run.resume_at) == (RunState.WAITING, until)
    assert run.reason == "@ateliernord: X allows no more now."
    assert runtime.session.scalars(select(QuotaWindow.resets_at)).one() == until
    assert work_through(runtime, workflow, clock).done == 8


def test_an_empty_wallet_waits_with_its_sentence_and_loses_no_page(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, workflow
):
    network.people = crowd(8)
    sentence = "No credits are left. Buy credits on console.x.com."
    network.before = [None, ChannelError(sentence, kind=ErrorKind.SENDER, code="no_credits")]

    run = work(runtime, workflow)

    assert (run.state, run.reason) == (RunState.WAITING, f"@ateliernord: {sentence}")
    assert run.resume_at == runtime.now() + timedelta(hours=1)
    assert (service.state, service.fault) == (ServiceState.NEEDS_FIXING, sentence)
    assert work_through(runtime, workflow, clock).state is RunState.DONE
    assert network.reads == [None, "3", "3", "6"]


def test_a_permanent_refusal_fails_the_run_and_ends_nobody(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = crowd(8)
    work(runtime, workflow)
    gone = ChannelError("The account is gone.", kind=ErrorKind.PERMANENT)
    network.before = [None, gone, gone]

    run = work(runtime, workflow)

    assert (run.state, run.reason) == (RunState.FAILED, "@ateliernord: The account is gone.")
    assert following(runtime, service) == names(network.people)
    assert said(runtime, run)[-1] == run.reason


def test_a_list_whose_place_the_network_forgot_is_read_from_the_top(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = crowd(8)
    network.before = [None, None, ChannelError("No such page.", kind=ErrorKind.PERMANENT)]

    run = work(runtime, workflow)

    assert run.state is RunState.DONE
    assert network.reads == [None, "3", "6", None, "3", "6"]
    assert following(runtime, service) == names(network.people)
    assert (run.done, service.state) == (8, ServiceState.CONNECTED)
    assert "@ateliernord: No such page." in said(runtime, run)


def test_trouble_that_passes_is_tried_again_less_and_less_often(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, workflow
):
    network.people = crowd(2)
    network.before = [ChannelError("X is over capacity.", kind=ErrorKind.TEMPORARY)] * 3
    waits = []

    for _try in range(3):
        run = work(runtime, workflow)
        waits.append((run.resume_at - runtime.now()) / timedelta(minutes=1))
        clock.set(run.resume_at)

    assert waits == [2, 4, 8]
    assert work(runtime, workflow).state is RunState.DONE


def test_an_operator_stops_a_run_between_two_pages(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = crowd(8)
    limited = ChannelError("Later.", kind=ErrorKind.LIMITED)
    network.before = [None, limited]
    run = work(runtime, workflow)
    run.stop_asked = True
    runtime.session.commit()

    work(runtime, workflow)

    assert run.state is RunState.STOPPED
    assert len(following(runtime, service)) == 3
    assert runtime.session.scalar(select(func.count(Run.id))) == 1


@pytest.mark.parametrize("is_told_before", [True, False])
def test_an_inbox_that_the_token_may_not_read_is_a_notice_and_no_failure(
    runtime: Runtime, network: FakeNetwork, service, workflow, *, is_told_before: bool
):
    network.people = crowd(3)
    fix = "Make a new token."
    if is_told_before:
        network.account = replace(network.account, lacks={Operation.INBOX: fix})
    else:
        network.on_inbox = ChannelError(fix, kind=ErrorKind.SENDER, code="no_permission")

    run = work(runtime, workflow)

    assert (run.state, run.reason) == (RunState.DONE, "")
    query = select(RunEntry.text).where(RunEntry.level == "warning")
    assert runtime.session.scalars(query).all() == [
        f"@{service.internal_name}: messages cannot be read. {fix}"
    ]
    assert following(runtime, service) == names(network.people)
    assert service.state is ServiceState.CONNECTED
