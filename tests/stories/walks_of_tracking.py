"""The forms about links and clicks."""

from tests.stories.submitting import Scene, walks
from tests.support.factories import make_service

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
