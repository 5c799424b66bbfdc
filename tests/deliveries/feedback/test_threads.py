"""Of a thread the network tells part by part, also while the rest is on its way."""

from datetime import timedelta

import pytest
from sqlalchemy import event as sql_event

from channels import Accepts, ErrorKind, EventKind, Feature
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, threaded
from tests.support.fakes import FakeNetwork
from tests.support.feedback import arrivals, event, outcomes, told
from tests.support.plans import plan
from webapp.deliveries import feedback, sending
from webapp.deliveries.models import Delivery, EventOutcome
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def thread(runtime: Runtime, service: Service, network: FakeNetwork) -> Delivery:
    network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY})
    return begin(runtime, threaded(runtime, service, ["One.", "Two."]))


def test_what_is_told_of_a_later_part_is_told_of_its_message(
    runtime: Runtime, service: Service, events, thread: Delivery
):
    sending.send_batch(runtime, thread.id)

    told(runtime, service, events, event(runtime, EventKind.DELIVERED, message_id="p1"))

    assert arrivals(runtime, thread) == ["delivered"]


def test_what_is_told_of_a_part_waits_while_the_others_are_on_their_way(
    runtime: Runtime,
    service: Service,
    events,
    thread: Delivery,
    network: FakeNetwork,
    clock: FileClock,
):
    network.before = [None, fault(ErrorKind.TEMPORARY)]
    sending.send_batch(runtime, thread.id)
    told(runtime, service, events, event(runtime, EventKind.DELIVERED, message_id="p0"))
    assert (outcomes(runtime), arrivals(runtime, thread)) == ([None], [""])

    clock.advance(timedelta(hours=1))
    sending.send_batch(runtime, thread.id)
    feedback.apply_events(runtime, service.id)

    assert outcomes(runtime) == [EventOutcome.APPLIED]
    assert arrivals(runtime, thread) == ["delivered"]


def test_an_index_finds_the_message_of_an_event(
    runtime: Runtime, service: Service, events, thread: Delivery
):
    sending.send_batch(runtime, thread.id)
    asked: list[tuple[str, object]] = []
    engine = runtime.session.get_bind().engine

    def executed(_connection, _cursor, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    sql_event.listen(engine, "before_cursor_execute", executed)
    told(runtime, service, events, event(runtime, EventKind.DELIVERED, message_id="p1"))
    sql_event.remove(engine, "before_cursor_execute", executed)

    statement, values = next(pair for pair in asked if "FROM message JOIN attempt" in pair[0])
    found = plan(runtime.session, statement, values)
    for table in ("attempt", "message"):
        assert f"SCAN {table}" not in found
        assert f"Seq Scan on {table}" not in found
