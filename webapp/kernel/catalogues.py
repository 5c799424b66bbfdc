"""What sentences are in other languages: a catalogue for each, read when it is spoken first.

Catalogues are kept as people write them (`.po`), so that no build has to compile them. A sentence
that one lacks is said in English. Only pages for people are translated yet; operators read English.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).parents[1] / "translations"


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel ships no types
    """The sentences of a language, or of the one it is a kind of: `pt_BR` reads `pt`."""

    def get_translations(self) -> NullTranslations:
        """Return those of the language of the moment."""
        return read(str(get_locale() or "en"))


class Speaking(Babel):  # type: ignore[misc]  # flask-babel ships no types
    """Flask-Babel with these catalogues."""

    @property
    def domain_instance(self) -> Catalogues:
        """The sentences of this application."""
        return CATALOGUES


CATALOGUES = Catalogues()


@cache
def read(code: str) -> NullTranslations:
    """Return the catalogue of a language; an empty one where nobody translated."""
    for name in (code, code.split("_", maxsplit=1)[0]):
        path = FOLDER / f"{name}.po"
        if path.is_file():
            compiled = BytesIO()
            with path.open("rb") as written:
                write_mo(compiled, read_po(written, locale=name))
            compiled.seek(0)
            return Translations(compiled)
    return NullTranslations()
