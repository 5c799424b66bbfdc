"""The forms about files of answers: brought, mapped, taken in or thrown away."""

import io

from tests.stories.submitting import Scene, walks
from webapp.audience.consent_files import staging
from webapp.audience.models import ConsentImport

PAGE = "/audience/consents"
SHEET = b"Id,Answer\n7,no\n"


def brought(scene: Scene) -> ConsentImport:
    """A file that says all but which account it is about."""
    return staging.bring(scene.runtime, "out.csv", io.BytesIO(SHEET))


@walks("audience.bring_consents")
def bring(scene: Scene) -> None:
    scene.open(PAGE)
    sheet = {"name": "out.csv", "mimeType": "text/csv", "buffer": SHEET}
    scene.page.get_by_label("File", exact=True).set_input_files(sheet)
    scene.submit("main form")


@walks("audience.map_consents")
def map_columns(scene: Scene) -> None:
    account = str(scene.service.id)
    scene.open(f"{PAGE}/imports/{brought(scene).id}")
    scene.submit('form[action$="/mapping"]', account=account)


@walks("audience.start_consents")
def start(scene: Scene) -> None:
    file = brought(scene)
    chosen = {"account": str(scene.service.id)}
    staging.map_columns(scene.runtime, file.id, file.mapping, chosen)
    scene.open(f"{PAGE}/imports/{file.id}")
    scene.submit('form[action$="/start"]')


@walks("audience.stop_consents")
def stop(scene: Scene) -> None:
    scene.open(f"{PAGE}/imports/{brought(scene).id}")
    scene.submit('form[action$="/stop"]')
