"""The fixed words of a page are in its language, each of them, and nothing else is translated."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from tests.acquisition.conftest import made
from webapp.acquisition import pages
from webapp.acquisition.models import AcquisitionPage
from webapp.kernel.catalogues import FOLDER
from webapp.kernel.i18n import _, in_language
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.one_database
ROOT = Path(__file__).parents[2]
# What people read before they answer, while they do, and after; a draft's own words are operators'.
TEMPLATES = ("_page", "_before", "_asked", "said")
OF_OPERATORS = {"No title yet", "No text yet"}


@pytest.fixture(params=sorted(path.stem for path in FOLDER.glob("*.po")))
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def catalogue(language: str) -> dict[str, str]:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return {item.id: item.string for item in read_po(file, locale=language) if item.id}


def test_every_fixed_word_of_a_page_is_translated_with_its_values(language: str):
    known = catalogue(language)
    needed = {
        message
        for name in TEMPLATES
        for _line, message, _notes, _context in extract_from_file(
            "jinja2", ROOT / "templates" / "acquisition" / f"{name}.html", keywords={"_": None}
        )
    }

    assert needed - OF_OPERATORS - known.keys() == set()
    for source, said in known.items():
        with_values = source % _Values(source) if "%(" in source else source
        assert said % _Values(source) if "%(" in said else said, with_values
        assert ("%(" in source) == ("%(" in said), source


class _Values(dict[str, str]):
    """Values of a sentence: only those that its source has."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def __missing__(self, name: str) -> str:
        assert f"%({name})s" in self._source, name
        return name


def test_a_page_is_drawn_in_its_language(
    runtime: Runtime, brand: Service, sandbox: object, client: FlaskClient
):
    page: AcquisitionPage = made(runtime, brand)
    pages.add_language(runtime, page.id, "de-CH", page.edition)
    key = page.preview_key
    runtime.session.commit()

    german, english = (client.get(f"/p/-/draft/{key}?lang={code}").text for code in ("de-CH", "en"))

    assert "Mit X anmelden" in german
    assert "Sign in with X" in english
    with in_language("de"):
        assert _("There is no such workflow.") == "There is no such workflow."
