"""Two requests to send a proof that meet in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
from flask.testing import FlaskClient

from tests.support.composer import address
from tests.support.factories import make_delivery, make_subscription
from tests.support.fakes import FakeNetwork
from webapp.deliveries import proofs, sending
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# How long the first of two requests waits for the other one to be as far as it is.
LONG_ENOUGH = 0.5


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold up whoever looked for a proof that is under way until the other one looked too."""
    both, look = Barrier(2), proofs._under_way

    def looked(runtime: Runtime, delivery: Delivery, reader_id: int | None) -> Delivery | None:
        found = look(runtime, delivery, reader_id)
        try:
            both.wait(LONG_ENOUGH)
        except BrokenBarrierError:
            return found
        return found

    monkeypatch.setattr(proofs, "_under_way", looked)


@pytest.mark.usefixtures("meeting")
def test_two_requests_at_once_send_one_proof(
    runtime: Runtime,
    service: Service,
    proof_account: Service,
    network: FakeNetwork,
    marketer: FlaskClient,
    admin: FlaskClient,
):
    make_subscription(runtime, service)
    draft = make_delivery(runtime, service, proof_service_id=proof_account.id)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: who.post(address(draft, "proof")), (marketer, admin)))

    assert [answer.status_code for answer in answers] == [303, 303]
    for delivery_id in sending.due(runtime):
        sending.send_batch(runtime, delivery_id)
    assert len(proofs.proofs(runtime, draft.id)) == 1
    assert len(network.directs) == 1
