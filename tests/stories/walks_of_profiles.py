"""The forms about profiles: written by hand, tagged, linked to visitors."""

import io

from tests.stories.submitting import Scene, walks
from tests.support.factories import make_visitor
from tests.support.profiles import make_profile, shared
from webapp.profiles import own_fields, tags
from webapp.profiles.merging import merge as merging
from webapp.profiles.models import Profile, ProfileImport
from webapp.profiles.reconciliation import linking
from webapp.profiles.reconciliation.reconcile import Mode, reconcile
from webapp.profiles.transfer import staging

PAGE = "/audience/profiles"


def linked(scene: Scene) -> Profile:
    """A profile that is a visitor."""
    profile = make_profile(scene.runtime, email="ana@ruiz.example")
    linking.link(scene.runtime, make_visitor(scene.runtime).id, profile.id)
    return profile


@walks("profiles.create")
def create(scene: Scene) -> None:
    scene.open(f"{PAGE}/new")
    scene.submit("main form", first_name="Ana", email="ana@ruiz.example", birth_date="1990-04-23")


@walks("profiles.edit")
def edit(scene: Scene) -> None:
    scene.open(f"{PAGE}/{make_profile(scene.runtime).id}/edit")
    scene.submit("main form", last_name="Ruiz Soler")


@walks("profiles.remove")
def remove(scene: Scene) -> None:
    scene.open(f"{PAGE}/{make_profile(scene.runtime).id}")
    scene.page.get_by_label("More about").click()
    scene.submit('form[action$="/remove"]')


@walks("profiles.tag")
def tag(scene: Scene) -> None:
    scene.open(f"{PAGE}/{make_profile(scene.runtime).id}")
    scene.submit('form[action$="/tags"]', tag="Fair 2025")


@walks("profiles.untag")
def untag(scene: Scene) -> None:
    profile = make_profile(scene.runtime)
    tags.add(scene.runtime, profile.id, "Fair")
    scene.open(f"{PAGE}/{profile.id}")
    scene.submit('form[action*="/tags/"]')


@walks("profiles.link")
def link(scene: Scene) -> None:
    make_visitor(scene.runtime, name="Ana Ruiz")
    scene.open(f"{PAGE}/{make_profile(scene.runtime).id}")
    scene.page.get_by_role("link", name="Link by hand").click()
    scene.submit('form[action$="/link"][method=post]', note="told me in the shop")


@walks("profiles.unlink")
def unlink(scene: Scene) -> None:
    scene.open(f"{PAGE}/{linked(scene).id}")
    scene.submit('form[action$="/unlink"]')


@walks("profiles.not_same")
def not_same(scene: Scene) -> None:
    make_visitor(scene.runtime, name="Ana Ruiz")
    make_profile(scene.runtime)
    scene.open(f"{PAGE}/who-is-who")
    scene.submit('form[action$="/not-same"]')


@walks("profiles.make")
def make(scene: Scene) -> None:
    scene.open(f"{PAGE}/visitors/{make_visitor(scene.runtime).id}/link")
    scene.submit('form[action$="/make"]')


@walks("profiles.accept")
def accept(scene: Scene) -> None:
    profile = linked(scene)
    visitor = linking.of_profile(scene.runtime, profile)[0].visitor_id
    reconcile(scene.runtime, visitor, shared(email="other@ruiz.example"))
    scene.open(f"{PAGE}/{profile.id}")
    scene.submit('form[action$="/accept"]')


@walks("profiles.dismiss")
def dismiss(scene: Scene) -> None:
    visitor = make_visitor(scene.runtime)
    reconcile(scene.runtime, visitor.id, shared(Mode.MANUAL, email="ana@ruiz.example"))
    scene.open(f"{PAGE}/who-is-who")
    scene.submit('form[action$="/dismiss"]')


@walks("profiles.add_field")
def add_field(scene: Scene) -> None:
    scene.open("/settings/profile-fields")
    scene.submit('form[action$="/profile-fields"]', name="Town")


@walks("profiles.remove_field")
def remove_field(scene: Scene) -> None:
    own_fields.add(scene.runtime, "Town")
    scene.open("/settings/profile-fields")
    scene.submit('form[action$="/remove"]')


def search(scene: Scene, path: str, label: str) -> None:
    scene.open(path)
    box = scene.page.get_by_label(label, exact=True)
    box.fill("ana")
    box.press("Enter")


@walks("profiles/index.html")
def find_a_profile(scene: Scene) -> None:
    search(scene, PAGE, "Name or e-mail")


@walks("profiles/link.html")
def find_a_visitor(scene: Scene) -> None:
    search(scene, f"{PAGE}/{make_profile(scene.runtime).id}/link", "Name or username")


@walks("profiles/choose.html")
def find_the_profile_of_a_visitor(scene: Scene) -> None:
    search(scene, f"{PAGE}/visitors/{make_visitor(scene.runtime).id}/link", "Name or e-mail")


def file_brought(scene: Scene) -> ProfileImport:
    """A file of which nobody said yet how it is read."""
    sheet = io.BytesIO(b"E-mail\nana@ruiz.example\n")
    return staging.bring(scene.runtime, "fair.csv", sheet)


@walks("profiles.bring")
def bring(scene: Scene) -> None:
    scene.open(f"{PAGE}/imports")
    sheet = {"name": "fair.csv", "mimeType": "text/csv", "buffer": b"E-mail\nana@ruiz.example\n"}
    scene.page.get_by_label("File", exact=True).set_input_files(sheet)
    scene.submit("main form")


@walks("profiles.map_columns")
def map_columns(scene: Scene) -> None:
    scene.open(f"{PAGE}/imports/{file_brought(scene).id}")
    scene.submit('form[action$="/mapping"]', tag="Fair")


@walks("profiles.start")
def start(scene: Scene) -> None:
    scene.open(f"{PAGE}/imports/{file_brought(scene).id}")
    scene.submit('form[action$="/start"]')


@walks("profiles.stop")
def stop(scene: Scene) -> None:
    scene.open(f"{PAGE}/imports/{file_brought(scene).id}")
    scene.submit('form[action$="/stop"]')


@walks("profiles.merge")
def merge(scene: Scene) -> None:
    kept = make_profile(scene.runtime, email="ana@ruiz.example")
    make_profile(scene.runtime, phone="972 111 111")
    scene.open(f"{PAGE}/{kept.id}/merge")
    scene.page.locator("main").get_by_role("link", name="Ana Ruiz").last.click()
    scene.submit("main form[method=post]")


@walks("profiles.unmerge")
def unmerge(scene: Scene) -> None:
    kept, gone = make_profile(scene.runtime), make_profile(scene.runtime)
    merging.merge(scene.runtime, kept.id, gone.id, taken=(), seen=(1, 1))
    scene.open(f"{PAGE}/{kept.id}")
    scene.submit('form[action$="/undo"]')


@walks("profiles/merge_with.html")
def find_a_profile_to_merge(scene: Scene) -> None:
    search(scene, f"{PAGE}/{make_profile(scene.runtime).id}/merge", "Name or e-mail")
