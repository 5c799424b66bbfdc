"""What the network calls its things: ids of posts and of direct messages may be alike."""

from tests.support.deliveries import begin, sent, states
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, sending
from webapp.deliveries.models import Attempt, Delivery, DeliveryKind, DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_a_post_may_have_the_id_of_a_direct_message(runtime: Runtime, service: Service):
    direct = sent(runtime, service, people=1)
    runtime.session.query(Attempt).one().remote_id = "p0"
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)
    analysis.start(runtime, post.id)
    begin(runtime, analysis.analyse(runtime, post.id))

    sending.send_batch(runtime, post.id)

    assert states(runtime, direct) == states(runtime, post) == ["sent"]


def test_an_id_that_another_message_has_leaves_the_outcome_unknown(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    sent(runtime, service, people=1)
    runtime.session.query(Attempt).one().remote_id = "d1"

    delivery = sent(runtime, service, people=0, label="Summer")

    assert states(runtime, delivery) == ["unknown"]
    assert len(network.directs) == 2
    assert runtime.session.get_one(Delivery, delivery.id).state is DeliveryState.SENDING
