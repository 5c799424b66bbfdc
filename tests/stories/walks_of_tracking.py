"""The forms about links and clicks."""

from tests.stories.submitting import Scene, walks
from tests.support.factories import make_delivery, make_service, make_subscription

SETTINGS = "/settings/clicks"


@walks("tracking.choose")
def choose(scene: Scene) -> None:
    scene.open(SETTINGS)
    scene.submit("form[aria-labelledby=all]", valid_days="30")


@walks("tracking.choose_domain")
def choose_domain(scene: Scene) -> None:
    service = make_service(scene.runtime)
    scene.open(SETTINGS)
    field = {f"account{service.id}-address": "https://go.shop.example"}
    scene.submit(f'form[action$="/accounts/{service.id}"]', **field)


@walks("tracking.let_be")
def let_be(scene: Scene) -> None:
    tie = make_subscription(scene.runtime, make_service(scene.runtime))
    scene.open(f"/audience/visitors/{tie.visitor_id}")
    scene.submit('form[action$="/clicks"]')


@walks("deliveries.choose_links")
def choose_links(scene: Scene) -> None:
    draft = make_delivery(scene.runtime, scene.service, content="See https://shop.example/a now")
    scene.open(f"/deliveries/{draft.id}/links")
    scene.submit("main form", **{"label-0": "The shop"})


@walks("tracking.new_key")
def new_key(scene: Scene) -> None:
    scene.open(SETTINGS)
    scene.submit('form[action$="/key"]')
