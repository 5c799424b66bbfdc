"""A thread that ended half-way for a passing reason goes on behind what is out."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.counters import counters_of, messages_of
from tests.support.crash import MachineClock
from tests.support.deliveries import begin, fault, saying
from tests.support.factories import actions, make_delivery, make_subscription
from tests.support.fakes import FakeNetwork
from tests.support.half_way import crashing, elsewhere, ended, message, page
from webapp.deliveries import analysis, control, sending
from webapp.deliveries.control import delete_post, going_on
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.usefixtures("takes_threads")

TEXTS = ["One.", "Two.", "Three."]


@pytest.fixture
def stopped(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    """A thread that an operator stopped while its third part was to be tried again."""
    delivery = ended(runtime, network, service, ErrorKind.TEMPORARY)
    return control.stop(runtime, delivery.id)


@pytest.fixture
def refused(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    """A thread whose third part was refused for good."""
    return ended(runtime, network, service, ErrorKind.PERMANENT)


def test_a_thread_that_was_stopped_half_way_goes_on_behind_what_is_out(
    runtime: Runtime, network: FakeNetwork, stopped: Delivery, marketer: FlaskClient
):
    where = page(runtime, stopped)
    shown = marketer.get(where + "/parts").text
    marketer.post(where + "/go-on")
    sending.send_batch(runtime, stopped.id)

    found = message(runtime, stopped)
    assert "Send the parts that are left" in shown
    assert network.posts == TEXTS
    assert network.replies == [None, "p0", "p1"]
    assert (found.state.value, found.parts_sent) == ("sent", 3)
    assert runtime.session.get_one(Delivery, stopped.id).state is DeliveryState.FINISHED
    assert counters_of(runtime, stopped.id) == messages_of(runtime, stopped.id)
    assert "delivery.go_on" in actions(runtime)


def test_a_thread_whose_validity_ended_half_way_is_valid_again(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service
):
    delivery = ended(runtime, network, service, ErrorKind.TEMPORARY)
    clock.advance(timedelta(days=6))
    sending.send_batch(runtime, delivery.id)
    assert message(runtime, delivery).reason == "expired_half_way"

    going_on.go_on(runtime, delivery.id, message(runtime, delivery).id)
    sending.send_batch(runtime, delivery.id)

    assert network.posts == TEXTS


@pytest.mark.parametrize("at", range(1, 4))
def test_who_dies_while_a_thread_is_let_go_on_leaves_it_as_it_was_or_going(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, stopped: Delivery, at: int
):
    machine, number = MachineClock(clock.path), message(runtime, stopped).id
    runtime.session.commit()
    crashing(runtime, machine, at, lambda own: going_on.go_on(own, stopped.id, number))
    machine.pass_time(timedelta(minutes=10))

    if message(runtime, stopped).state.value == "cancelled":
        going_on.go_on(runtime, stopped.id, number)
    runtime.session.commit()
    with elsewhere(runtime, machine) as own:
        sending.send_batch(own, stopped.id)

    assert network.posts == TEXTS


def test_what_was_refused_for_good_does_not_go_on(
    runtime: Runtime, refused: Delivery, marketer: FlaskClient
):
    where = page(runtime, refused)

    shown = marketer.get(where + "/parts").text
    answer = marketer.post(where + "/go-on", follow_redirects=True).text

    assert "Send the parts that are left" not in shown
    assert "This message cannot go on." in answer
    assert message(runtime, refused).state.value == "failed"


@pytest.mark.parametrize("kind", [None, ErrorKind.UNKNOWN])
def test_what_was_taken_back_or_may_have_been_does_not_go_on(
    runtime: Runtime, network: FakeNetwork, stopped: Delivery, kind: ErrorKind | None
):
    network.on_delete = fault(kind) if kind else None
    number = message(runtime, stopped).id
    try:
        delete_post.take_back(runtime, stopped.id, number)
    except Conflict:
        assert kind

    with pytest.raises(Conflict):
        going_on.go_on(runtime, stopped.id, number)


def test_what_goes_on_cannot_be_taken_back_meanwhile(
    runtime: Runtime, network: FakeNetwork, stopped: Delivery
):
    number = message(runtime, stopped).id
    going_on.go_on(runtime, stopped.id, number)
    runtime.session.expire_all()

    with pytest.raises(Conflict):
        delete_post.take_back(runtime, stopped.id, number)

    assert network.posts == TEXTS[:2]


def test_a_message_to_a_person_goes_on_and_is_never_taken_back(
    runtime: Runtime, network: FakeNetwork, service: Service, marketer: FlaskClient
):
    make_subscription(runtime, service)
    draft = saying(
        runtime, make_delivery(runtime, service), ["Hi, spring is here.", "{opt_out_line}"]
    )
    analysis.start(runtime, draft.id)
    delivery = begin(runtime, analysis.analyse(runtime, draft.id))
    network.before = [None, fault(ErrorKind.TEMPORARY)]
    sending.send_batch(runtime, delivery.id)
    control.stop(runtime, delivery.id)

    shown = marketer.get(page(runtime, delivery) + "/parts").text
    marketer.post(page(runtime, delivery) + "/go-on")
    sending.send_batch(runtime, delivery.id)

    assert "Delete" not in shown
    assert len(network.directs) == 2
