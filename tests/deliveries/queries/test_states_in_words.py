"""What a delivery does is said in words; retrying is said of what failed for now alone."""

from datetime import timedelta

from flask.testing import FlaskClient

from channels import ErrorKind
from tests.support.deliveries import begin, fault, ready
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
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
