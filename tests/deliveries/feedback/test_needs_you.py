"""What goes wrong after a delivery is over needs somebody on Home until it is settled."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels import Accepts, ErrorKind, EventKind, Feature
from channels.clock import FileClock
from tests.support.counters import counters_of, messages_of
from tests.support.fakes import FakeNetwork
from tests.support.feedback import FakeEvents, event, told
from tests.support.half_way import ended, message
from tests.support.plans import plans, walks_all
from webapp.deliveries import control, counters
from webapp.deliveries.approval import settlement
from webapp.deliveries.control import delete_post
from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

NEWS = {
    EventKind.BOUNCED: ("1 message of “Spring” did not arrive", "1 did not arrive"),
    EventKind.COMPLAINED: ("1 person complained about “Spring”", "1 complaint"),
}


def fault_of(runtime: Runtime, delivery: Delivery) -> str:
    runtime.session.rollback()
    found = settlement.to_settle(runtime, [delivery.id])
    runtime.session.commit()
    return found.get(delivery.id, "")


@pytest.mark.parametrize("kind", NEWS)
def test_what_is_told_later_needs_somebody_until_it_is_settled(
    runtime: Runtime,
    clock: FileClock,
    service: Service,
    events: FakeEvents,
    taken_over: Delivery,
    marketer: FlaskClient,
    kind: EventKind,
):
    told(runtime, service, events, event(runtime, kind))
    home, page = marketer.get("/").text, marketer.get(f"/deliveries/{taken_over.id}").text
    marketer.post(f"/deliveries/{taken_over.id}/settle")
    after, seen = marketer.get("/").text, marketer.get(f"/deliveries/{taken_over.id}").text

    words, pill = NEWS[kind]
    assert words in home
    assert pill in page
    assert 'id="settle"' in page
    assert words not in after
    assert "Settled" in seen


@pytest.mark.parametrize("kind", NEWS)
def test_what_is_told_after_that_needs_somebody_again(
    runtime: Runtime,
    clock: FileClock,
    service: Service,
    events: FakeEvents,
    taken_over: Delivery,
    kind: EventKind,
):
    told(runtime, service, events, event(runtime, kind))
    settlement.settle(runtime, taken_over.id)
    assert fault_of(runtime, taken_over) == ""
    clock.advance(timedelta(minutes=1))

    told(runtime, service, events, event(runtime, kind, event_id="again", message_id="d1"))

    assert fault_of(runtime, taken_over) == kind.value


def test_a_complaint_is_counted_once_and_outlives_what_is_told_of_the_arrival(
    runtime: Runtime, service: Service, events: FakeEvents, taken_over: Delivery
):
    kinds = (EventKind.COMPLAINED, EventKind.COMPLAINED, EventKind.DELIVERED, EventKind.BOUNCED)
    news = [event(runtime, kind, event_id=str(number)) for number, kind in enumerate(kinds)]
    told(runtime, service, events, *news)

    figures = figures_of(runtime, [taken_over.id])[taken_over.id]
    assert (figures.complained, figures.arrivals["bounced"]) == (1, 1)
    assert fault_of(runtime, taken_over) == "complained"
    assert counters_of(runtime, taken_over.id) == messages_of(runtime, taken_over.id)
    counters.recount(runtime, taken_over.id)
    assert counters_of(runtime, taken_over.id) == messages_of(runtime, taken_over.id)


def test_who_complained_is_found_in_the_log(
    runtime: Runtime,
    service: Service,
    events: FakeEvents,
    taken_over: Delivery,
    marketer: FlaskClient,
):
    told(runtime, service, events, event(runtime, EventKind.COMPLAINED, said="Spam."))

    log = marketer.get(f"/deliveries/{taken_over.id}?reason=complained").text
    number = log.partition('<tr id="message-')[2].partition('"')[0]
    why = marketer.get(f"/deliveries/{taken_over.id}?reason=complained&why={number}").text

    assert log.count('<tr id="message-') == 1
    assert "What came of it?" in why
    assert "Spam." in why


def test_a_thread_that_was_stopped_half_way_needs_somebody_until_it_is_taken_back(
    runtime: Runtime, network: FakeNetwork, service: Service, marketer: FlaskClient
):
    network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY})
    delivery = ended(runtime, network, service, ErrorKind.TEMPORARY)
    control.stop(runtime, delivery.id)
    home = marketer.get("/").text
    number = message(runtime, delivery).id

    delete_post.take_back(runtime, delivery.id, number)

    assert "1 message of “Spring” ended half-way" in home
    assert "ended half-way" not in marketer.get("/").text
    assert message(runtime, delivery).reason == "taken_back"
    assert counters_of(runtime, delivery.id) == messages_of(runtime, delivery.id)


def test_each_fault_is_looked_up_by_an_index(
    runtime: Runtime, service: Service, taken_over: Delivery
):
    found = plans(runtime, lambda: settlement.to_settle(runtime, [taken_over.id]), "message")

    assert not any(walks_all(plan, "message") for plan in found)
