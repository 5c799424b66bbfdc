"""A plugin may answer anything about a message; nothing goes out twice and nothing stands still."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from channels import ChannelError, ErrorKind, Sent, Unknowable
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
from webapp.deliveries.models import DeliveryState
from webapp.kernel.runtime import Runtime

NAIVE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC).replace(tzinfo=None)


def lie(runtime: Runtime, answer: Callable[[], object]) -> None:
    """Let the first message be taken, and the plugin answer wrongly about it."""
    part = runtime.registry.get("fake").directs
    send = part.send

    def first(*asked: object) -> object:
        part.send = send
        send(*asked)
        made = answer()
        if isinstance(made, Exception):
            raise made
        return made

    part.send = first


def changed(**facts: object) -> ChannelError:
    """An error that was sound when it was made."""
    made = ChannelError("Later, please.", kind=ErrorKind.TEMPORARY)
    for name, fact in facts.items():
        setattr(made, name, fact)
    return made


@pytest.mark.parametrize(
    "answer",
    [
        lambda: None,
        lambda: "d0",
        lambda: Sent(remote_id=None),
        lambda: Sent(remote_id=""),
        lambda: Sent(remote_id="d" * 300),
        lambda: Sent(remote_id="d\0"),
        lambda: Sent(remote_id="d0", url=5),
        lambda: ChannelError("Later, please.", kind="nonsense"),
        lambda: ChannelError("Later, please.", kind=ErrorKind.LIMITED, retry_at=NAIVE),
        lambda: changed(kind="nonsense"),
        lambda: changed(retry_at=NAIVE),
    ],
)
def test_an_answer_that_breaks_the_contract_is_an_unknown_outcome(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, answer: Callable[[], object]
):
    lie(runtime, answer)
    delivery = sent(runtime, service, people=2)
    assert states(runtime, delivery) == ["unknown", "sent"]

    clock.advance(timedelta(minutes=3))
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent", "sent"]
    assert len(network.directs) == 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda: None,
        lambda: "sent",
        lambda: Sent(remote_id=None),
        lambda: Unknowable(reason="Busy.", ask_at=NAIVE),
    ],
)
def test_a_search_that_answers_nothing_of_use_leaves_the_outcome_unknown(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service, answer: Callable[[], object]
):
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    delivery = sent(runtime, service, people=2)
    part = runtime.registry.get("fake").reconciliation
    part.find_sent = lambda _context, _attempt: answer()
    clock.advance(timedelta(minutes=3))

    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["unknown", "sent"]
    assert len(network.directs) == 2


def test_a_delivery_whose_limits_cannot_be_told_is_held_with_the_plugins_fault(
    runtime: Runtime, network: FakeNetwork, service
):
    delivery = begin(runtime, ready(runtime, service, people=1))
    network.limits = [None]

    sending.send_batch(runtime, delivery.id)

    runtime.session.refresh(delivery)
    assert delivery.state is DeliveryState.PAUSED
    assert delivery.wait_reason.startswith("The plugin failed: None is no Limit.")
    assert network.directs == []


def test_a_database_that_is_busy_is_no_fault_of_the_plugin(
    runtime: Runtime, network: FakeNetwork, service
):
    """A context reads its secrets when a plugin asks for them, so the plugin may be in the way."""
    part = runtime.registry.get("fake").limits
    limits = part.limits

    def locked(_context: object) -> object:
        part.limits = limits
        busy = sqlite3.OperationalError("database is locked")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("BEGIN IMMEDIATE", None, busy)

    delivery = begin(runtime, ready(runtime, service, people=1))
    part.limits = locked

    with pytest.raises(OperationalError):
        sending.send_batch(runtime, delivery.id)
    runtime.session.rollback()
    runtime.session.refresh(delivery)
    assert delivery.state is not DeliveryState.PAUSED
