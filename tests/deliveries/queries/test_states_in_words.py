"""What a delivery does is said in words; retrying is said of what failed for now alone."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from channels import ErrorKind
from tests.support.deliveries import begin, fault, ready
from tests.support.factories import make_subscriptions
from tests.support.fakes import FakeNetwork
from tests.support.stretches import PEOPLE, STRETCH
from webapp.deliveries import control, sending
from webapp.deliveries.models import Message
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def pages(client: FlaskClient, delivery_id: int) -> list[str]:
    return [client.get(at).text for at in ("/deliveries", f"/deliveries/{delivery_id}")]


def test_a_limit_is_waited_for_by_name(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service))
    until = runtime.now() + timedelta(minutes=7)
    network.before = [fault(ErrorKind.LIMITED, "limited", retry_at=until)]
    sending.send_batch(runtime, delivery.id)

    for page in pages(marketer, delivery.id):
        assert "Waiting until" in page
        assert "The network minds." in page
        assert "Retrying" not in page


def test_an_unknown_outcome_is_asked_about(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service, people=1))
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    sending.send_batch(runtime, delivery.id)

    for page in pages(marketer, delivery.id):
        assert "Asking Fake" in page
        assert "Retrying" not in page


def test_only_what_failed_for_now_is_retried(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service, people=1))
    network.before = [fault(ErrorKind.TEMPORARY, "stumbled")]
    sending.send_batch(runtime, delivery.id)

    for page in pages(marketer, delivery.id):
        assert "Retrying" in page
        assert "Waiting until" not in page


@pytest.mark.usefixtures("short_stretches")
def test_how_far_its_messages_are_written_is_told_until_all_are(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    delivery = begin(runtime, ready(runtime, service, people=PEOPLE))
    runtime.session.commit()

    for page in pages(marketer, delivery.id):
        assert "Writing messages" in page
    page = marketer.get(f"/deliveries/{delivery.id}").text
    assert f"{STRETCH} of {PEOPLE} are there. None goes out before all of them are." in page
    assert f"0 of {PEOPLE} sent" in page

    control.pause(runtime, delivery.id)
    page = marketer.get(f"/deliveries/{delivery.id}").text
    assert f"{STRETCH} of {PEOPLE} messages are written." in page
    control.stop(runtime, delivery.id)
    page = marketer.get(f"/deliveries/{delivery.id}").text
    assert f"being written as stopped: {STRETCH} of {PEOPLE} are there." in page

    sending.send_batch(runtime, delivery.id)
    assert "being written" not in marketer.get(f"/deliveries/{delivery.id}").text


@pytest.mark.usefixtures("short_stretches")
def test_a_log_in_which_nobody_stands_yet_is_not_called_empty(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    make_subscriptions(runtime, service, STRETCH)
    delivery = begin(runtime, ready(runtime, service, people=1))
    # As where nobody of the first stretch passes the filter.
    runtime.session.execute(delete(Message))
    runtime.session.commit()

    page = marketer.get(f"/deliveries/{delivery.id}").text

    assert "None of its messages is written yet." in page
    assert "has no recipients" not in page
