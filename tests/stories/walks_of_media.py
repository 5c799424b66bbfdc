"""The forms about pictures: of the library, and of a post."""

from tests.stories.submitting import Scene, walks
from tests.stories.walks_of_deliveries import draft
from tests.support.media import picture, takes_pictures
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.media import library

FILE = {"name": "door.png", "mimeType": "image/png", "buffer": picture()}


def post(scene: Scene) -> Delivery:
    """A post to a network that takes pictures."""
    takes_pictures(scene.network)
    return draft(scene, kind=DeliveryKind.POST)


@walks("media.bring")
def bring(scene: Scene) -> None:
    scene.open("/media")
    scene.page.locator("#picture").set_input_files(FILE)
    scene.press("Upload")


@walks("media.describe")
def describe(scene: Scene) -> None:
    file = library.bring(scene.runtime, picture(), "door.png")
    scene.open("/media")
    scene.submit(f"#media-{file.id} form", alt="A red door")


@walks("media.remove")
def remove(scene: Scene) -> None:
    library.bring(scene.runtime, picture(), "door.png")
    scene.open("/media")
    scene.press("Delete")


@walks("deliveries.illustrate")
def add_to_a_post(scene: Scene) -> None:
    scene.open(f"/deliveries/{post(scene).id}/compose")
    scene.page.get_by_text("Add a picture").click()
    scene.page.locator("#picture-1").set_input_files(FILE)
    scene.press("Add it")


@walks("deliveries.take_picture")
def take_from_the_library(scene: Scene) -> None:
    library.bring(scene.runtime, picture(), "door.png")
    scene.open(f"/deliveries/{post(scene).id}/compose/media")
    scene.press("Use it")
