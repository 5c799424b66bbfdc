"""The forms about privacy: a copy of somebody's data, and their erasure."""

from tests.stories.submitting import Scene, walks
from tests.support.deliveries import sent
from tests.support.factories import make_service, make_subscription
from tests.support.profiles import make_profile
from webapp.deliveries import why
from webapp.deliveries.models import Message
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


def link(scene: Scene, name: str = "why_link") -> str:
    """The page behind a link of a message, open in the browser of its reader."""
    delivery = sent(scene.runtime, make_service(scene.runtime), people=1)
    found = scene.runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()
    number, reader = found.id, found.visitor.remote_id
    scene.page.context.clear_cookies()
    return why.path(scene.runtime.settings, number, reader, name)


@walks("privacy.why_stop")
def stop(scene: Scene) -> None:
    follow(scene, link(scene))
    scene.page.get_by_role("button", name="Stop messages").click()


@walks("privacy.why_end")
def end(scene: Scene) -> None:
    follow(scene, link(scene, "stop_link"))
    scene.page.get_by_role("button", name="Stop messages").click()


@walks("privacy.why_clicks")
def unknown(scene: Scene) -> None:
    follow(scene, link(scene))
    scene.page.get_by_role("button", name="Do not track me").click()


@walks("privacy.why_erase")
def erased(scene: Scene) -> None:
    follow(scene, link(scene))
    scene.page.get_by_role("link", name="Erase what you know of me").click()
    scene.page.get_by_role("button", name="Erase it for good").click()


def follow(scene: Scene, path: str) -> None:
    """Open a page without scripts; the test holds no lock meanwhile."""
    scene.runtime.session.commit()
    scene.page.goto(f"{scene.site}{path}")


@walks("privacy.copy_of_profile")
def copy_of_profile(scene: Scene) -> None:
    scene.open(f"/audience/profiles/{make_profile(scene.runtime).id}")
    scene.submit('form[action$="/copy"]')


@walks("privacy.ask_for_profile")
def ask_for_profile(scene: Scene) -> None:
    scene.open(f"/audience/profiles/{make_profile(scene.runtime).id}")
    scene.page.get_by_role("link", name="Erase").click()
    scene.submit('form[action$="/erasure"]')
