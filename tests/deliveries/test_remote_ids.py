"""What the network calls its things: ids of posts and of direct messages may be alike."""

from tests.deliveries.driving import begin, sent, states
from tests.factories import make_delivery
from webapp.deliveries import analysis, sending
from webapp.deliveries.models import DeliveryKind, Message
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_a_post_may_have_the_id_of_a_direct_message(runtime: Runtime, service: Service):
    direct = sent(runtime, service, people=1)
    runtime.session.query(Message).one().remote_id = "p0"
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)
    analysis.start(runtime, post.id)
    begin(runtime, analysis.analyse(runtime, post.id))

    sending.send_slice(runtime, post.id)

    assert states(runtime, direct) == states(runtime, post) == ["sent"]
