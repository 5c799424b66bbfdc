"""What every form needs: typed values, common checks, and faults beside their fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # new in 3.3
from wtforms.validators import InputRequired, Length

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text.lengths import LONGEST

NEEDED = InputRequired(lazy_gettext("This is needed."))
SHORT = Length(
    max=LONGEST, message=lazy_gettext("This is too long: at most %(n)s characters.", n=LONGEST)
)


def text(field: Field) -> str:
    """Return the text of a field without surrounding blanks; empty when nothing was sent."""
    return str(field.data or "").strip()


def secret(field: Field) -> str:
    """Return a password exactly as it was typed."""
    return str(field.data or "")


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return the choices of a select or radio field from pairs of value and words."""
    return [SelectChoice(value=value, label=words) for value, words in pairs]


def show(form: FlaskForm, faults: Mapping[str, str]) -> None:
    """Put the sentences of a use-case beside the fields they are about."""
    for name, sentence in faults.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
