from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from channels import ChannelError, ErrorKind, Limit, Operation, Price, Scope, Wish
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, wrote
from tests.support.sync import subscription, work, work_through
from webapp.audience.inbox import reader
from webapp.audience.models import ReceivedMessage
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.connection import accounts
from webapp.services.models import Service
from webapp.workflows.models import RunState

pytestmark = pytest.mark.usefixtures("small_pages")

QUARTER = timedelta(minutes=15)


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    """An account with four pages of messages, of which two may be read in a quarter of an hour."""
    at = runtime.now() - timedelta(days=2)
    stop = wrote(0, "STOP", at, wish=Wish.STOP)
    network.inbound = [stop, *(wrote(n, "Hello", at + n * QUARTER) for n in range(1, 12))]
    network.limits = [Limit(operation=Operation.INBOX, scope=Scope.ACCOUNT, seconds=900, cap=2)]
    network.prices = [
        Price(operation=Operation.INBOX, amount=Decimal("0.01"), label="Messages read")
    ]
    return make_service(runtime, internal_name="ateliernord", inbox_read_at=None)


def notes(runtime: Runtime) -> int:
    return runtime.session.scalar(select(func.count(ReceivedMessage.id)))


def test_a_reading_that_a_limit_ends_says_when_it_goes_on(runtime: Runtime, service):
    reading = reader.read_new(runtime, service)

    assert (reading.new, reading.until) == (6, runtime.now() + QUARTER)
    assert reader.unheard(service, runtime.now())


def test_the_next_reading_goes_on_where_the_limit_ended_the_last(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    began = runtime.now()
    reader.read_if_due(runtime, service)
    clock.advance(QUARTER)

    reading = reader.read_if_due(runtime, service)

    assert (reading.new, reading.until, notes(runtime)) == (6, None, 12)
    assert network.inbox_reads == [None, "3", "6", "9"]
    assert subscription(runtime, service, "r0").opted_out_at is not None
    assert costs.spent_this_month(runtime, service) == Decimal("0.12")
    assert (service.inbox_read_at, reader.unheard(service, runtime.now())) == (began, False)


def test_what_arrives_during_a_walk_is_read_after_it(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    reader.read_new(runtime, service)
    clock.advance(QUARTER)
    late = [wrote(n, "STOP", runtime.now(), wish=Wish.STOP) for n in range(20, 24)]
    network.inbound += late
    reader.read_new(runtime, service)
    clock.advance(QUARTER)
    reader.read_new(runtime, service)
    clock.advance(QUARTER)

    reader.read_if_due(runtime, service)

    assert notes(runtime) == 16
    assert service.inbox_read_to == late[0].received_at


def test_a_walk_stops_where_the_one_before_it_began(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = []
    reader.read_new(runtime, service)
    network.inbox_reads.clear()
    network.inbound.append(wrote(30, "Hello again", runtime.now()))
    clock.advance(QUARTER)

    reader.read_if_due(runtime, service)

    assert network.inbox_reads == [None]


def test_what_the_account_wrote_itself_is_read_and_paid_for_once(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = []
    network.prices = [replace(network.prices[0], once_a_day=True)]
    now = runtime.now()
    network.besides = [now - timedelta(seconds=n) for n in range(12)]
    reader.read_new(runtime, service)
    network.inbox_reads.clear()
    clock.advance(QUARTER)
    network.besides.append(runtime.now())

    reader.read_if_due(runtime, service)

    assert network.inbox_reads == [None, "3", "6", "9", "12"]
    assert costs.spent_this_month(runtime, service) == Decimal("0.25")


def test_a_walk_ends_where_the_account_wrote_before_it(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = []
    network.besides = [runtime.now() - timedelta(hours=n) for n in range(12)]
    reader.read_new(runtime, service)
    network.inbox_reads.clear()
    clock.advance(QUARTER)

    reader.read_if_due(runtime, service)

    assert network.inbox_reads == [None]


def test_a_place_that_the_network_knows_no_more_is_left_for_a_new_walk(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    reader.read_new(runtime, service)
    clock.advance(QUARTER)
    network.on_inbox = ChannelError("This place is over.", kind=ErrorKind.PERMANENT)

    with pytest.raises(ChannelError):
        reader.read_new(runtime, service)

    assert service.inbox_cursor is None
    assert reader.unheard(service, runtime.now())


def test_another_worker_that_read_on_meanwhile_keeps_its_place(
    runtime: Runtime, network: FakeNetwork, service
):
    network.limits = []
    reader.read_on(runtime, service)
    fake = runtime.registry.get("fake")

    def be_quicker(context, cursor, read=fake.inbox.read):
        fake.inbox.read = read
        reader.read_new(runtime, service)
        return read(context, cursor)

    fake.inbox.read = be_quicker

    reading = reader.read_on(runtime, service)

    assert (reading.until, notes(runtime)) == (None, 12)
    assert service.inbox_cursor is None


def test_an_account_that_is_removed_forgets_its_place(runtime: Runtime, service):
    reader.read_new(runtime, service)

    accounts.remove(runtime, service.id)

    assert service.inbox_cursor is None


def test_a_synchronisation_waits_for_the_limit_and_reads_the_rest(
    runtime: Runtime, clock: FileClock, service, workflow
):
    waiting = work(runtime, workflow)

    assert (waiting.state, waiting.resume_at) == (RunState.WAITING, runtime.now() + QUARTER)
    assert waiting.reason == "@ateliernord: the limit for reading is spent"
    ended = work_through(runtime, workflow, clock)
    assert (ended.state, ended.counts["wrote"]) == (RunState.DONE, 12)


def test_a_message_dated_in_the_future_ends_no_later_walk_too_early(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service
):
    network.limits = []
    network.inbound.append(wrote(12, "Hello", runtime.now() + timedelta(days=400)))
    reader.read_new(runtime, service)
    clock.advance(timedelta(hours=2))
    stop = wrote(13, "STOP", runtime.now() - timedelta(hours=1), who=12)
    network.inbound[-1:-1] = [stop, *(wrote(n, "Hello", runtime.now()) for n in range(14, 20))]

    reader.read_new(runtime, service)

    assert subscription(runtime, service, "r12").opted_out_at is not None
