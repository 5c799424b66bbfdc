"""The forms about templates."""

from tests.stories.submitting import Scene, walks
from tests.stories.walks_of_deliveries import draft
from webapp.deliveries.drafts import templates


@walks("deliveries.save_template")
def save_template(scene: Scene) -> None:
    scene.open(f"/deliveries/{draft(scene).id}/template")
    scene.submit("main form.ff-fields", name="Letter")


@walks("deliveries/templates/index.html")
def find_a_template(scene: Scene) -> None:
    assert letter(scene)
    scene.open("/templates")
    box = scene.page.locator("form.ff-find input[type=search]")
    box.fill("letter")
    box.press("Enter")


def letter(scene: Scene) -> int:
    templates.save_as(scene.runtime, draft(scene), "Letter")
    return templates.every(scene.runtime)[-1].id


@walks("deliveries.change_template")
def change_template(scene: Scene) -> None:
    scene.open(f"/templates/{letter(scene)}")
    scene.submit("main form.ff-fields", name="Other", content="Hi {first_name|there}")


@walks("deliveries.preview_template")
def read_a_template_while_it_is_typed(scene: Scene) -> None:
    scene.open(f"/templates/{letter(scene)}")
    scene.page.get_by_label("Text", exact=True).fill("Hi {first name|there}, hello")


@walks("deliveries.duplicate_template")
def duplicate_a_template(scene: Scene) -> None:
    scene.open(f"/templates/{letter(scene)}")
    scene.page.get_by_label("More about Letter").click()
    scene.press("Duplicate")


@walks("deliveries.remove_template")
def remove_template(scene: Scene) -> None:
    scene.open(f"/templates/{letter(scene)}")
    scene.page.get_by_label("More about Letter").click()
    scene.press("Remove")
