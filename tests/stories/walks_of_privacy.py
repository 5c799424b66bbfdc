"""The forms about privacy: a copy of somebody's data, and their erasure."""

from tests.stories.submitting import Scene, walks
from tests.support.factories import make_service, make_subscription
from webapp.privacy import wishes
from webapp.privacy.models import ErasureWish


def wish(scene: Scene) -> ErasureWish:
    """A wish of somebody whom the instance knows."""
    tie = make_subscription(scene.runtime, make_service(scene.runtime))
    return wishes.ask(scene.runtime, tie.visitor_id)


@walks("privacy.ask")
def ask(scene: Scene) -> None:
    tie = make_subscription(scene.runtime, make_service(scene.runtime))
    scene.open(f"/audience/visitors/{tie.visitor_id}")
    scene.page.get_by_role("link", name="Erase").click()
    scene.submit('form[action$="/erasure"]')


@walks("privacy.copy_of")
def copy_of(scene: Scene) -> None:
    tie = make_subscription(scene.runtime, make_service(scene.runtime))
    scene.open(f"/audience/visitors/{tie.visitor_id}")
    scene.submit('form[action$="/copy"]')


@walks("privacy.withdraw")
def withdraw(scene: Scene) -> None:
    scene.open(f"/privacy/wishes/{wish(scene).id}")
    scene.submit('form[action$="/withdraw"]')


@walks("privacy.erase")
def erase(scene: Scene) -> None:
    asked = wish(scene)
    handle = asked.visitor.handle
    scene.open(f"/privacy/wishes/{asked.id}")
    scene.submit('form[action$="/erase"]', name=handle)
