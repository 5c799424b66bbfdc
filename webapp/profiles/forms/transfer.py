"""The forms of an import: the file, and how its columns are read."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField

from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.web.forms import SHORT, choices, text
from webapp.profiles.fields import Dates
from webapp.profiles.models import ProfileImport
from webapp.profiles.transfer import mapping
from webapp.profiles.transfer.mapping import Known

COLUMN = "column_"


class FileForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A file of profiles."""

    file = FileField(
        lazy_gettext("File"),
        [FileRequired(lazy_gettext("Choose a file."))],
        description=lazy_gettext(
            "CSV with a first line that names the columns, at most 16 MB; the command line takes "
            "longer ones. Nothing is written before you saw it."
        ),
        render_kw={"accept": ".csv,.tsv,.txt,text/csv"},
    )


class ReadingForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """How the rows of a file are read."""

    dates = RadioField(lazy_gettext("Days are written as"), default=Dates.ISO.value)
    known = RadioField(lazy_gettext("Where a profile is known"), default=Known.FILL.value)
    tag = StringField(
        lazy_gettext("Tag for all of them"),
        [SHORT],
        description=lazy_gettext("Such as Fair 2025. It may be left empty."),
        render_kw={"autocomplete": "off", "list": "tags"},
    )

    def columns(self) -> dict[str, str]:
        """Return the fields of the columns that are read, by their places."""
        picked = {item.name: text(item) for item in self if item.name.startswith(COLUMN)}
        return {name.removeprefix(COLUMN): value for name, value in picked.items() if value}

    def options(self) -> dict[str, str]:
        """Return the rest."""
        return {name: text(self[name]) for name in ("dates", "known", "tag")}


def reading_form(runtime: Runtime, brought: ProfileImport) -> ReadingForm:
    """Return the form with a select for each column, as they are read now."""

    class WithColumns(ReadingForm):
        """The form of this file."""

    known = [("", _("not read"))]
    known += [(label.name, label.words) for label in mapping.choices(runtime)]
    for place, head in enumerate(brought.columns):
        field = SelectField(head, choices=choices(known))
        setattr(WithColumns, f"{COLUMN}{place}", field)
    shown: dict[str, Any] = {f"{COLUMN}{place}": name for place, name in brought.mapping.items()}
    form = WithColumns(data=shown | brought.options)
    form.dates.choices = choices(
        [
            (Dates.ISO.value, _("1990-04-23")),
            (Dates.DAY_FIRST.value, _("23.04.1990 or 23/04/1990")),
            (Dates.MONTH_FIRST.value, _("04/23/1990")),
        ]
    )
    form.known.choices = choices(
        [
            (Known.FILL.value, _("Fill in what is unknown")),
            (Known.REPLACE.value, _("The file replaces what differs")),
            (Known.SKIP.value, _("Leave it as it is")),
        ]
    )
    return form
