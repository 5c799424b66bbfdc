"""The forms of a person's card."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from webapp.audience.consents.wordings import LANGUAGE, Wording
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text.formats import local, zone
from webapp.kernel.time.local_time import moment
from webapp.kernel.web.forms import SHORT, text

NEEDED = DataRequired(lazy_gettext("This is needed."))
LONGEST_PROOF = 2000
BOUNDED = Length(
    max=LONGEST_PROOF,
    message=lazy_gettext("This is too long: at most %(n)s characters.", n=LONGEST_PROOF),
)

CODE = Regexp(LANGUAGE, message=lazy_gettext("Write the code of a language, such as fr."))


class DatedForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A form about something that happened at a day and time in the operator's zone."""

    day = StringField(lazy_gettext("Day"), render_kw={"type": "date"})
    clock = StringField(lazy_gettext("Time"), render_kw={"type": "time"})

    def begin_at(self, at: datetime) -> None:
        """Propose a moment, unless something was sent."""
        if not self.is_submitted():
            here = local(at)
            self.day.data, self.clock.data = here.date().isoformat(), here.strftime("%H:%M")

    def at(self) -> datetime | None:
        """Return the moment, nothing where none is given; raise `Invalid` for what is none."""
        if not text(self.day) and not text(self.clock):
            return None
        return moment(text(self.day), text(self.clock), zone())


class OptOutForm(DatedForm):
    """When somebody said that they want no messages, and where; all of it may be left out."""

    note = TextAreaField(
        lazy_gettext("Note"),
        [BOUNDED],
        description=lazy_gettext("Where they said so, such as by phone. It may be left empty."),
        render_kw={"rows": 2},
    )


class DoubtForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What a message was that looks like a refusal; `note` is the one the operator read."""

    note = HiddenField()
    stop = SubmitField(lazy_gettext("It is a STOP"))
    other = SubmitField(lazy_gettext("It is no refusal"))


class OptInForm(DatedForm):
    """Where, when and to what somebody agreed; one form for each account of the card."""

    purpose = StringField(
        lazy_gettext("Purpose"),
        [NEEDED, SHORT],
        description=lazy_gettext("What they agreed to receive, such as news of the studio."),
        render_kw={"autocomplete": "off"},
    )
    wording = TextAreaField(
        lazy_gettext("Wording"),
        [BOUNDED],
        description=lazy_gettext("The words they agreed to, as they stood there. May be empty."),
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
    proof = TextAreaField(
        lazy_gettext("Proof"),
        [NEEDED, BOUNDED],
        description=lazy_gettext("Where and to which words the person agreed."),
        render_kw={"rows": 3},
    )

    def wording_of(self) -> Wording | None:
        """Return the words that were agreed to; nothing where none are known."""
        if not text(self.wording):
            return None
        return Wording(
            text=text(self.wording), version=text(self.version), language=text(self.language)
        )


class MoveForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The folder a person belongs in; a new name makes a new folder."""

    folder = StringField(
        lazy_gettext("Folder"),
        [NEEDED, SHORT],
        render_kw={"list": "folders", "autocomplete": "off"},
    )
