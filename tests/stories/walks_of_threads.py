"""The forms about the parts of threads."""

from channels import Accepts, ErrorKind, Feature
from tests.stories.submitting import Scene, walks
from tests.stories.walks_of_deliveries import compose
from tests.support.deliveries import begin, fault, threaded
from webapp.deliveries import control, sending
from webapp.deliveries.models import DeliveryKind, Message


@walks("deliveries.arrange")
def add_a_part(scene: Scene) -> None:
    scene.network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY})
    compose(scene, "post", kind=DeliveryKind.POST)
    scene.page.get_by_role("button", name="Add a part").click()


def half_a_thread(scene: Scene, kind: ErrorKind) -> str:
    """The page of a thread of which one part is out, and the other failed."""
    accepts = scene.network.accepts
    scene.network.accepts = Accepts(features={*accepts.features, Feature.THREAD, Feature.REPLY})
    assert scene.service.id
    thread = begin(scene.runtime, threaded(scene.runtime, scene.service))
    scene.network.before = [None, fault(kind)]
    sending.send_batch(scene.runtime, thread.id)
    if kind is ErrorKind.TEMPORARY:
        control.stop(scene.runtime, thread.id)
    message = scene.runtime.session.query(Message).filter_by(delivery_id=thread.id).one()
    return f"/deliveries/{thread.id}/messages/{message.id}/parts"


@walks("deliveries.take_back")
def take_parts_back(scene: Scene) -> None:
    scene.open(half_a_thread(scene, ErrorKind.PERMANENT))
    scene.submit("form#take-back")


@walks("deliveries.go_on")
def go_on(scene: Scene) -> None:
    scene.open(half_a_thread(scene, ErrorKind.TEMPORARY))
    scene.submit("form#go-on")
