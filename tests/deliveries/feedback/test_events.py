"""What a network tells is kept before it is applied, each thing once, in whatever order."""

from datetime import timedelta

import pytest
from sqlalchemy.event import listen, remove

from channels import EventKind, EventRequest, InboundMessage, Person, Sent
from tests.deliveries.sending.test_due import plan
from tests.support.deliveries import begin, ready, states
from tests.support.fakes import person
from tests.support.feedback import arrivals, counted, event, first, outcomes, told
from webapp.deliveries import feedback, sending
from webapp.deliveries.feedback import applying
from webapp.deliveries.models import Delivery, EventOutcome
from webapp.kernel.runtime import Runtime
from webapp.services.connection import event_address
from webapp.services.models import Service
from webapp.system.processes.scheduler import tick

MINUTE = timedelta(minutes=1)


def test_a_delivery_is_over_when_all_of_it_is_taken_over(runtime: Runtime, taken_over: Delivery):
    assert states(runtime, taken_over) == ["sent", "sent"]
    assert runtime.session.get_one(Delivery, taken_over.id).state == "finished"
    assert arrivals(runtime, taken_over) == ["accepted", "accepted"]
    assert counted(runtime, taken_over) == (2, 0, 0)


def test_what_is_told_with_the_call_has_no_arrival(runtime: Runtime, service: Service):
    delivery = begin(runtime, ready(runtime, service, 2))
    sending.send_batch(runtime, delivery.id)

    assert arrivals(runtime, delivery) == ["", ""]
    assert counted(runtime, delivery) == (0, 0, 0)


@pytest.mark.parametrize("kind", [EventKind.DELIVERED, EventKind.BOUNCED])
def test_a_message_that_was_taken_over_arrives_or_not(
    runtime: Runtime, service: Service, events, taken_over: Delivery, kind: EventKind
):
    told(runtime, service, events, event(runtime, kind, said="550 no box"))

    assert sorted(arrivals(runtime, taken_over)) == sorted(["accepted", kind.value])
    assert counted(runtime, taken_over) == (1, *((1, 0) if kind == "delivered" else (0, 1)))
    assert first(runtime, taken_over)[0].said == "550 no box"
    assert states(runtime, taken_over) == ["sent", "sent"]


@pytest.mark.parametrize(
    ("news", "stands"),
    [
        ([("delivered", 1), ("bounced", 2)], "bounced"),
        ([("bounced", 2), ("delivered", 1)], "bounced"),
        ([("bounced", 1), ("delivered", 2)], "delivered"),
        ([("delivered", 2), ("bounced", 1)], "delivered"),
        ([("delivered", 1), ("bounced", 1)], "bounced"),
        ([("bounced", 1), ("delivered", 1)], "bounced"),
        ([("delivered", 1), ("delivered", 2)], "delivered"),
        ([("bounced", 1), ("bounced", 3), ("delivered", 2)], "bounced"),
        ([("delivered", 1), ("delivered", 3), ("bounced", 2)], "delivered"),
    ],
)
def test_the_latest_word_holds_in_whatever_order_it_comes(
    runtime: Runtime, service: Service, events, taken_over: Delivery, news, stands: str
):
    for number, (kind, minute) in enumerate(news):
        at = runtime.now() - timedelta(hours=1) + minute * MINUTE
        told(
            runtime,
            service,
            events,
            event(runtime, EventKind(kind), event_id=f"e{number}", at=at),
        )

    assert first(runtime, taken_over)[0].arrival == stands
    assert counted(runtime, taken_over) == (1, int(stands == "delivered"), int(stands == "bounced"))


def test_an_event_that_is_told_again_is_applied_once(
    runtime: Runtime, service: Service, events, taken_over: Delivery
):
    news = event(runtime, EventKind.DELIVERED)
    told(runtime, service, events, news)
    told(runtime, service, events, news)
    told(runtime, service, events, news, news)

    assert outcomes(runtime) == [EventOutcome.APPLIED]
    assert counted(runtime, taken_over) == (1, 1, 0)


def test_a_row_stands_before_anything_follows(
    runtime: Runtime, service: Service, events, taken_over: Delivery
):
    events.told = [event(runtime, EventKind.DELIVERED)]
    token = event_address.address_of(runtime, service).rpartition("/")[2]
    request = EventRequest(body=b"{}", headers={"signature": "good"})
    feedback.receive(runtime, "fake", token, request)

    assert outcomes(runtime) == [None]
    assert arrivals(runtime, taken_over) == ["accepted", "accepted"]
    assert list(feedback.due(runtime)) == [service.id]


def test_work_that_dies_while_it_applies_leaves_all_to_be_applied_again(
    runtime: Runtime, service: Service, events, taken_over: Delivery, monkeypatch
):
    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(applying.arrivals.counters, "add", die)
        with pytest.raises(KeyboardInterrupt):
            told(runtime, service, events, event(runtime, EventKind.DELIVERED))
    runtime.session.rollback()
    assert arrivals(runtime, taken_over) == ["accepted", "accepted"]

    feedback.apply_events(runtime, service.id)

    assert counted(runtime, taken_over) == (1, 1, 0)
    assert outcomes(runtime) == [EventOutcome.APPLIED]


def test_an_event_that_is_faster_than_its_message_waits_for_it(
    runtime: Runtime, service: Service, events, clock, network
):
    told(runtime, service, events, event(runtime, EventKind.DELIVERED))
    assert outcomes(runtime) == [None]
    assert list(feedback.due(runtime)) == []
    directs = runtime.registry.get("fake").directs
    directs.send = lambda *_given: Sent(remote_id="d0", accepted=True)
    delivery = begin(runtime, ready(runtime, service, 1))
    sending.send_batch(runtime, delivery.id)
    clock.advance(6 * MINUTE)

    feedback.apply_events(runtime, service.id)

    assert counted(runtime, delivery) == (0, 1, 0)


def test_an_event_of_a_message_that_nobody_knows_is_given_up(
    runtime: Runtime, service: Service, events, clock
):
    told(runtime, service, events, event(runtime, EventKind.BOUNCED, lasting=True))
    clock.advance(timedelta(days=3))
    feedback.apply_events(runtime, service.id)

    assert outcomes(runtime) == [EventOutcome.NO_MESSAGE]
    assert list(feedback.due(runtime)) == []


def test_a_clock_set_back_lets_no_event_wait_until_it_is_there_again(
    runtime: Runtime, service: Service, events, clock
):
    events.told = [event(runtime, EventKind.COMPLAINED, message_id="", person=person(1))]
    token = event_address.address_of(runtime, service).rpartition("/")[2]
    request = EventRequest(body=b"{}", headers={"signature": "good"})
    feedback.receive(runtime, "fake", token, request)
    clock.advance(-timedelta(hours=1))

    assert list(feedback.due(runtime)) == [service.id]
    feedback.apply_events(runtime, service.id)

    assert outcomes(runtime) == [EventOutcome.APPLIED]


def test_one_event_that_cannot_be_applied_keeps_none_of_the_others(
    runtime: Runtime, service: Service, events, taken_over: Delivery
):
    poison = event(runtime, EventKind.REPLIED, reply=None)
    told(runtime, service, events, poison, event(runtime, EventKind.DELIVERED))

    assert outcomes(runtime) == [None, EventOutcome.APPLIED]


def test_the_scheduler_asks_workers_to_apply_what_was_told(
    runtime: Runtime, service: Service, events, queue
):
    events.told = [event(runtime, EventKind.DELIVERED)]
    token = event_address.address_of(runtime, service).rpartition("/")[2]
    request = EventRequest(body=b"{}", headers={"signature": "good"})
    feedback.receive(runtime, "fake", token, request)

    assert tick(runtime, "here") == 1
    assert tick(runtime, "here") == 0

    assert [job.rpartition(".")[2] for job, _given in queue.jobs] == ["apply_events"]


def test_an_event_finds_its_message_by_an_index(
    runtime: Runtime, service: Service, events, taken_over: Delivery
):
    asked = list[tuple[str, object]]()
    engine = runtime.session.get_bind().engine

    def executed(_connection, _cursor, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    listen(engine, "before_cursor_execute", executed)
    told(runtime, service, events, event(runtime, EventKind.DELIVERED))
    remove(engine, "before_cursor_execute", executed)

    statement, values = next(pair for pair in asked if "FROM message" in pair[0])
    found = plan(runtime.session, statement, values)
    assert "remote_id" in found
    assert "SCAN" not in found


@pytest.mark.parametrize("strange", ["\0", "\ud800"])
def test_a_sign_that_no_database_keeps_stops_nothing_that_is_told(
    runtime: Runtime, service: Service, events, taken_over: Delivery, strange: str
):
    who = Person(remote_id="p9", handle="anna", name=f"Anna{strange}")
    reply = InboundMessage(
        remote_id="i1", person=who, text=f"STOP{strange}", received_at=runtime.now()
    )
    replied = event(runtime, EventKind.REPLIED, message_id="", reply=reply)
    told(runtime, service, events, replied, event(runtime, EventKind.BOUNCED, said=f"No{strange}"))

    assert outcomes(runtime) == [EventOutcome.APPLIED, EventOutcome.APPLIED]
    assert counted(runtime, taken_over) == (1, 0, 1)
