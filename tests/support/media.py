"""Pictures in the library and in drafts."""

from channels import Accepts, Feature
from tests.support.deliveries import begin, saying
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from tests.support.pictures import photo
from webapp.deliveries import analysis, illustrating
from webapp.deliveries.illustrating import Brought
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.deliveries.variants import seal
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

FEATURES = {Feature.THREAD, Feature.REPLY, Feature.MEDIA}


def takes_pictures(network: FakeNetwork, **bounds: object) -> None:
    """Let a network upload pictures and show them in threads."""
    network.accepts = Accepts(features=FEATURES, **bounds)
    network.uploads = network.finds_posts = True


def picture(number: int = 0) -> bytes:
    """One of several pictures, each of other pixels."""
    return photo("PNG", size=(40 + number, 20))


def show(runtime: Runtime, delivery: Delivery, *parts: int, alt: str = "A door") -> Delivery:
    """Let these parts of a draft show a picture each, each another one."""
    for number, part in enumerate(parts):
        delivery = illustrating.bring(
            runtime, delivery.id, part, Brought(data=picture(number), name=f"{number}.png")
        )
    for row in (item for part in delivery.variants[0].parts for item in part.media):
        row.alt = alt
    runtime.session.commit()
    return delivery


def illustrated(runtime: Runtime, service: Service) -> Delivery:
    """A thread of two parts, each with a picture, that is about to go out."""
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    draft = show(runtime, saying(runtime, draft, ["One.", "Two."]), 0, 1)
    draft.content_hash = seal(draft)
    runtime.session.commit()
    analysis.start(runtime, draft.id)
    return begin(runtime, analysis.analyse(runtime, draft.id))


def expect_whole(network: FakeNetwork) -> None:
    """Expect both parts to be out, once, each with the picture that belongs to it."""
    assert network.posts == ["One.", "Two."]
    named = [item for items in network.shown for item in items]
    assert [alt for _id, alt in named] == ["A door", "A door"]
    files = [network.files[int(remote_id[1:])] for remote_id, _alt in named if remote_id]
    assert len(files) == len(set(files)) == 2
