"""The forms of a file of answers: the file, and how its columns are read."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from webapp.audience.consent_files import mapping
from webapp.audience.consent_files.mapping import DEFAULTS, Dates
from webapp.audience.forms.card import BOUNDED, CODE
from webapp.audience.models import ConsentImport
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.web.forms import SHORT, choices, text
from webapp.services.connection import accounts

COLUMN = "column_"


class FileForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A file of answers."""

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
    """How the rows of a file are read, and what counts where a row says nothing."""

    account = SelectField(lazy_gettext("Account"))
    answer = RadioField(lazy_gettext("All rows are"), default="")
    dates = RadioField(lazy_gettext("Days are written as"), default=Dates.ISO.value)
    wording = TextAreaField(
        lazy_gettext("Wording"),
        [BOUNDED],
        description=lazy_gettext("The words they agreed to, as they stood there."),
        render_kw={"rows": 2},
    )
    version = StringField(
        lazy_gettext("Version of the wording"), [SHORT], render_kw={"autocomplete": "off"}
    )
    language = StringField(
        lazy_gettext("Language of the wording"),
        [Optional(), CODE],
        description=lazy_gettext("Its code, such as fr."),
        render_kw={"autocomplete": "off"},
    )
    proof = StringField(
        lazy_gettext("Proof: where and how"),
        [BOUNDED],
        description=lazy_gettext("Such as the page, the shop, or the list it was kept in."),
        render_kw={"autocomplete": "off"},
    )
    purpose = StringField(
        lazy_gettext("Purpose"),
        [SHORT],
        description=lazy_gettext("What they agreed to receive, such as news of the studio."),
        render_kw={"autocomplete": "off"},
    )

    def columns(self) -> dict[str, str]:
        """Return what the columns say that are read, by their places."""
        picked = {item.name: text(item) for item in self if item.name.startswith(COLUMN)}
        return {name.removeprefix(COLUMN): value for name, value in picked.items() if value}

    def options(self) -> dict[str, str]:
        """Return the rest."""
        return {name: text(self[name]) for name in (*DEFAULTS, "dates")}


def reading_form(runtime: Runtime, brought: ConsentImport) -> ReadingForm:
    """Return the form with a select for each column, as they are read now."""

    class WithColumns(ReadingForm):
        """The form of this file."""

    known = [("", _("not read")), *mapping.labels().items()]
    for place, head in enumerate(brought.columns):
        field = SelectField(head, choices=choices(known))
        setattr(WithColumns, f"{COLUMN}{place}", field)
    shown: dict[str, Any] = {f"{COLUMN}{place}": name for place, name in brought.mapping.items()}
    form = WithColumns(data=shown | brought.options)
    named = [(str(item.id), item.shown_name) for item in accounts.every(runtime)]
    form.account.choices = choices([("", _("as the file says")), *named])
    form.answer.choices = choices(
        [("", _("as the file says")), ("yes", _("a yes")), ("no", _("a no"))]
    )
    form.dates.choices = choices(
        [
            (Dates.ISO.value, _("2026-04-23")),
            (Dates.DAY_FIRST.value, _("23.04.2026 or 23/04/2026")),
            (Dates.MONTH_FIRST.value, _("04/23/2026")),
        ]
    )
    return form
