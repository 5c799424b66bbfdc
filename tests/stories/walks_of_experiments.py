"""The forms about experiments."""

from tests.experiments.conftest import OTHER, experiment
from tests.stories.submitting import Scene, walks
from tests.support.factories import make_delivery
from webapp.experiments import planning


@walks("experiments.plan")
def plan(scene: Scene) -> None:
    draft = make_delivery(scene.runtime, scene.service)
    scene.open(f"/deliveries/{draft.id}/experiment/plan")
    scene.submit("#plan", text_1=OTHER, people="40")


@walks("experiments.leave")
def leave(scene: Scene) -> None:
    draft = make_delivery(scene.runtime, scene.service)
    planning.plan(scene.runtime, draft.id, experiment())
    scene.open(f"/deliveries/{draft.id}/experiment/plan")
    scene.submit('form[action$="/leave"]')
