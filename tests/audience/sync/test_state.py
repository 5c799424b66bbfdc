from datetime import timedelta

import pytest

from channels import Account, ChannelError, ErrorKind
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.sync import crowd, following, names, said, work, work_through
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.models import Service, ServiceSecret, ServiceState
from webapp.workflows.models import RunState

pytestmark = pytest.mark.usefixtures("small_pages")


@pytest.fixture
def shop(runtime: Runtime, network: FakeNetwork, service: Service) -> Service:
    """A second account, which is read after the first."""
    network.accounts["shop"] = Account(remote_id="2", handle="shop", name="Shop", followers=8)
    return make_service(runtime, internal_name="shop")


def relock(runtime: Runtime, service: Service, locked: bytes) -> None:
    runtime.session.get(ServiceSecret, (service.id, "token")).ciphertext = locked
    runtime.session.commit()


def test_an_account_at_fault_keeps_no_other_one_waiting(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, shop, workflow
):
    network.people = crowd(8)
    sentence = "The token is wrong. Make a new one."
    relock(runtime, service, runtime.secret_box.encrypt("wrong"))

    waiting = work(runtime, workflow)

    assert (waiting.state, waiting.reason) == (RunState.WAITING, f"@ateliernord: {sentence}")
    assert waiting.resume_at == runtime.now() + timedelta(hours=1)
    assert following(runtime, shop) == names(network.people)
    assert following(runtime, service) == {}
    ended = work_through(runtime, workflow, clock)
    assert (ended.state, ended.reason) == (RunState.FAILED, f"@ateliernord: {sentence}")
    assert clock.now() - ended.created_at < timedelta(days=1, hours=1)


def test_an_account_made_good_meanwhile_is_read_in_the_same_run(
    runtime: Runtime, network: FakeNetwork, service, shop, workflow
):
    network.people = crowd(8)
    relock(runtime, service, runtime.secret_box.encrypt("wrong"))
    work(runtime, workflow)
    relock(runtime, service, runtime.secret_box.encrypt("good"))

    ended = work(runtime, workflow)

    assert ended.state is RunState.DONE
    assert following(runtime, service) == following(runtime, shop) == names(network.people)
    assert service.state is ServiceState.CONNECTED


def test_an_account_whose_secrets_no_key_opens_is_named_and_left(
    runtime: Runtime, network: FakeNetwork, service, shop, workflow
):
    network.people = crowd(8)
    relock(runtime, service, b"of another key")

    run = work(runtime, workflow)

    assert run.state is RunState.FAILED
    assert run.reason.startswith("@ateliernord: A stored secret cannot be read")
    assert (service.state, shop.state) == (ServiceState.NEEDS_FIXING, ServiceState.CONNECTED)
    assert following(runtime, shop) == names(network.people)


def test_a_plugin_that_fails_for_one_account_is_its_own_fault(
    runtime: Runtime, network: FakeNetwork, service, shop, workflow
):
    network.people = crowd(8)
    network.before = [KeyError("data")]

    run = work(runtime, workflow)

    assert run.reason.startswith("@ateliernord: The plugin failed: KeyError.")
    assert following(runtime, shop) == names(network.people)


def test_trouble_that_does_not_pass_keeps_no_other_account_waiting(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, shop, workflow
):
    network.people = crowd(2)
    network.before = [ChannelError("X is over capacity.", kind=ErrorKind.TEMPORARY)] * 7

    run = work_through(runtime, workflow, clock)

    assert run.state is RunState.DONE
    assert following(runtime, service) == following(runtime, shop) == names(network.people)
    assert "@ateliernord is tried again later: X is over capacity." in said(runtime, run)


def test_an_account_put_off_and_removed_is_waited_for_no_more(
    runtime: Runtime, network: FakeNetwork, service, shop, workflow
):
    network.people = crowd(2)
    network.before = [ChannelError("No credits are left.", kind=ErrorKind.SENDER)]
    work(runtime, workflow)
    accounts.remove(runtime, service.id)

    assert work(runtime, workflow).state is RunState.DONE


def test_a_permanent_refusal_leaves_the_others_to_be_read(
    runtime: Runtime, network: FakeNetwork, service, shop, workflow
):
    network.people = crowd(8)
    network.before = [ChannelError("The account is gone.", kind=ErrorKind.PERMANENT)]

    run = work(runtime, workflow)

    assert (run.state, run.reason) == (RunState.FAILED, "@ateliernord: The account is gone.")
    assert service.state is ServiceState.NEEDS_FIXING
    assert following(runtime, shop) == names(network.people)


def test_the_journal_tells_of_each_account_its_own_numbers(
    runtime: Runtime, network: FakeNetwork, service, shop, workflow
):
    network.people = crowd(8)

    run = work(runtime, workflow)

    assert "@ateliernord: done, 8 new, 0 ended, 0 messages read" in said(runtime, run)
    assert "@shop: done, 0 new, 0 ended, 0 messages read" in said(runtime, run)


def test_an_account_put_off_halfway_counts_on_from_there(
    runtime: Runtime, network: FakeNetwork, service, shop, workflow
):
    network.people = crowd(8)
    network.before = [None, ChannelError("No credits are left.", kind=ErrorKind.SENDER)]
    work(runtime, workflow)

    run = work(runtime, workflow)

    # The five others were met with the shop first.
    assert "@ateliernord: done, 3 new, 0 ended, 0 messages read" in said(runtime, run)
