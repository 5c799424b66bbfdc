"""The forms by which operators make pages that ask people; a story walks what people send."""

from dataclasses import replace

from tests.acquisition.conftest import made
from tests.stories.submitting import Scene, walks
from tests.support.factories import make_visitor
from tests.support.pictures import photo
from tests.support.profiles import PAGE
from webapp.acquisition import content, pages
from webapp.acquisition.confirming import PATH, token_of
from webapp.acquisition.models import AcquisitionPage, AcquisitionVersion, PageState
from webapp.profiles.reconciliation.reconcile import Mode, Shared, take_in

PICTURE = {"name": "a.png", "mimeType": "image/png", "buffer": photo("PNG")}


def opened(scene: Scene) -> AcquisitionPage:
    """The editor of a page that lacks nothing."""
    page = made(scene.runtime, scene.service)
    scene.open(f"/acquisition/{page.id}")
    return page


@walks("acquisition.create")
def create(scene: Scene) -> None:
    assert scene.service
    scene.open("/acquisition/new?kind=form")
    scene.submit("main form", label="Summer list")


@walks("acquisition.edit")
def edit(scene: Scene) -> None:
    opened(scene)
    scene.submit("#editor", title="Share with us", asks_email=True)


@walks("acquisition.add_language")
def add_language(scene: Scene) -> None:
    opened(scene)
    scene.submit('form[action$="/languages"]', code="fr")


@walks("acquisition.remove_language")
def remove_language(scene: Scene) -> None:
    page = made(scene.runtime, scene.service)
    pages.add_language(scene.runtime, page.id, "fr", page.edition)
    scene.open(f"/acquisition/{page.id}?language=fr")
    scene.press("Remove French")


@walks("acquisition.restore")
def restore(scene: Scene) -> None:
    page = read_by_people(scene)
    scene.open(f"/acquisition/{page.id}/versions")
    scene.press("Restore as draft")


@walks("acquisition.renew_link")
def renew_link(scene: Scene) -> None:
    page = made(scene.runtime, scene.service)
    scene.open(f"/acquisition/{page.id}/versions")
    scene.press("Make a new link")


@walks("acquisition.bring_picture")
def bring_picture(scene: Scene) -> None:
    opened(scene)
    scene.page.locator("#picture-file").set_input_files(PICTURE)
    scene.press("Upload")


@walks("acquisition.remove_picture")
def remove_picture(scene: Scene) -> None:
    bring_picture(scene)
    scene.press("Show no picture")


def read_by_people(scene: Scene) -> AcquisitionPage:
    """A page that is online although nobody signs in to the fake network."""
    page = made(scene.runtime, scene.service)
    page.state, page.number, page.changed = PageState.ONLINE, 1, False
    version = AcquisitionVersion(
        page_id=page.id,
        number=1,
        content=page.draft,
        seal=content.seal_of(page.draft),
        at=scene.runtime.now(),
        by="Ida",
    )
    page.online_at = scene.runtime.now()
    scene.runtime.session.add(version)
    scene.runtime.session.commit()
    scene.open(f"/acquisition/{page.id}")
    return page


@walks("acquisition.close")
def close(scene: Scene) -> None:
    read_by_people(scene)
    scene.press("Close")


@walks("acquisition.choose_source")
def choose_source(scene: Scene) -> None:
    page = made(scene.runtime, scene.service)
    scene.open(f"/acquisition/{page.id}/spread")
    scene.submit('form[action$="/sources"]', source="Spring fair")


@walks("acquisition.deliver")
def deliver(scene: Scene) -> None:
    page = read_by_people(scene)
    scene.open(f"/acquisition/{page.id}/spread")
    scene.press("Write a post with it")


@walks("acquisition.public_confirm")
def confirm_address(scene: Scene) -> None:
    visitor, address = make_visitor(scene.runtime).id, "ana@mail.example"
    typed = replace(PAGE, typed=frozenset({"email"}))
    shared = Shared(values={"email": address}, source=typed, mode=Mode.AUTOMATIC)
    take_in(scene.runtime, visitor, shared)
    scene.runtime.session.commit()
    scene.page.goto(f"{scene.site}{PATH}{token_of(scene.runtime, visitor, address)}")
    scene.page.get_by_role("button", name="It is my address").click()
