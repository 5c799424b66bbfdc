from datetime import timedelta

import pytest

from channels import ChannelError, ErrorKind, Limit, Operation, Scope, Wish
from channels.clock import FileClock
from tests.support import fakes
from tests.support.crash import Workers
from tests.support.deliveries import begin, ready, states
from tests.support.factories import make_service, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork, wrote
from webapp.deliveries import control, sending
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime

QUARTER = timedelta(minutes=15)


@pytest.fixture
def delivery(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, monkeypatch: pytest.MonkeyPatch
) -> Delivery:
    """One that is begun, to two people, of whom one wrote STOP meanwhile, pages ago."""
    monkeypatch.setattr(fakes, "PAGE", 2)
    network.limits = [Limit(operation=Operation.INBOX, scope=Scope.ACCOUNT, seconds=900, cap=2)]
    service = make_service(runtime)
    make_subscription(runtime, service, make_visitor(runtime, remote_id="r0"))
    begun = begin(runtime, ready(runtime, service, people=1))
    clock.advance(QUARTER)
    network.inbound = [wrote(0, "STOP", runtime.now(), wish=Wish.STOP)]
    clock.advance(QUARTER)
    network.inbound += [wrote(n, "Hello", runtime.now()) for n in range(1, 6)]
    return begun


def test_nothing_goes_out_while_a_stop_may_lie_behind_the_limit(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, delivery
):
    sending.send_batch(runtime, delivery.id)
    waiting = (delivery.resume_at, delivery.wait_reason, len(network.directs))
    until = runtime.now() + QUARTER
    clock.advance(QUARTER)

    sending.send_batch(runtime, delivery.id)

    name = delivery.services[0].internal_name
    assert waiting == (until, f"What people wrote to @{name} is read first.", 0)
    assert sorted(states(runtime, delivery)) == ["ignored", "sent"]


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [(ErrorKind.LIMITED, 15), (ErrorKind.TEMPORARY, 1), (ErrorKind.UNKNOWN, 1)],
)
def test_a_failed_reading_is_waited_for_where_something_is_unread(
    runtime: Runtime, network: FakeNetwork, delivery, kind: ErrorKind, minutes: int
):
    delivery.services[0].inbox_read_at = None
    runtime.session.commit()
    network.on_inbox = ChannelError("Later.", kind=kind)

    sending.send_batch(runtime, delivery.id)

    assert delivery.resume_at == runtime.now() + timedelta(minutes=minutes)
    assert network.directs == []


@pytest.mark.parametrize("kind", [ErrorKind.LIMITED, ErrorKind.TEMPORARY, ErrorKind.PERMANENT])
def test_a_late_refreshment_keeps_nobody_waiting(
    runtime: Runtime, network: FakeNetwork, delivery, kind: ErrorKind
):
    network.on_inbox = ChannelError("Later.", kind=kind)

    sending.send_batch(runtime, delivery.id)

    assert len(network.directs) == 2


@pytest.mark.parametrize("kind", [ErrorKind.TEMPORARY, ErrorKind.LIMITED])
def test_nothing_goes_out_once_nobody_could_read_for_an_hour(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, delivery, kind: ErrorKind
):
    delivery.services[0].inbox_read_at = runtime.now() - timedelta(minutes=61)
    runtime.session.commit()
    network.on_inbox = ChannelError("Later.", kind=kind)

    sending.send_batch(runtime, delivery.id)

    assert network.directs == []
    assert delivery.resume_at > runtime.now()


def test_an_inbox_that_can_never_be_read_holds_the_delivery(
    runtime: Runtime, network: FakeNetwork, delivery
):
    delivery.services[0].inbox_read_at = None
    runtime.session.commit()
    network.on_inbox = ChannelError("No such thing.", kind=ErrorKind.PERMANENT)

    sending.send_batch(runtime, delivery.id)

    name = delivery.services[0].internal_name
    held = f"What people wrote to @{name} cannot be read: No such thing."
    assert (delivery.state.value, delivery.wait_reason) == ("paused", held)
    assert network.directs == []


def test_a_fault_of_the_account_holds_the_delivery(
    runtime: Runtime, network: FakeNetwork, delivery
):
    network.on_inbox = ChannelError("The token is over.", kind=ErrorKind.SENDER)

    sending.send_batch(runtime, delivery.id)

    assert (delivery.state.value, delivery.wait_reason) == ("paused", "The token is over.")


@pytest.mark.parametrize("act", [control.pause, control.stop])
def test_a_pause_or_stop_while_the_inbox_is_read_keeps_its_reason(
    runtime: Runtime, network: FakeNetwork, delivery, monkeypatch, act
):
    read, at_once = fakes._Inbox.read, [act]

    def pause_first(*given: object) -> object:
        if at_once:
            at_once.pop()(runtime, delivery.id)
        return read(*given)

    monkeypatch.setattr(fakes._Inbox, "read", pause_first)

    sending.send_batch(runtime, delivery.id)

    runtime.session.refresh(delivery)
    assert delivery.wait_reason in ("Paused by test.", "Stopped by test.")
    assert network.directs == []


def test_the_lease_is_kept_from_page_to_page(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, delivery, monkeypatch
):
    workers, taken, read = Workers(runtime, clock, delivery), [], fakes._Inbox.read

    def slowly(*given: object) -> object:
        workers.clock.ahead += timedelta(seconds=60)
        with workers.worker() as another:
            taken.extend(sending.due(another))
        return read(*given)

    network.limits = []
    monkeypatch.setattr(fakes._Inbox, "read", slowly)
    with workers.worker() as first:
        assert sending.due(first) == [delivery.id]

    workers.slice()

    assert len(network.inbox_reads) > 2
    assert taken == []
