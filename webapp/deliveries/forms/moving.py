"""The form that moves what waits for its time."""

from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import StringField

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text.formats import local, zone
from webapp.kernel.time.local_time import moment
from webapp.kernel.web.forms import NEEDED, text


class MoveForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A day and a time in the operator's zone."""

    day = StringField(lazy_gettext("Day"), [NEEDED], render_kw={"type": "date"})
    clock = StringField(lazy_gettext("Time"), [NEEDED], render_kw={"type": "time"})

    @classmethod
    def of(cls, at: datetime | None) -> "MoveForm":
        """Return the form with the time that is set now, unless another one was sent."""
        here = local(at) if at else None
        known = {"day": here.date().isoformat(), "clock": f"{here:%H:%M}"} if here else {}
        return cls(data=known)

    def moment(self) -> datetime:
        """Return what was typed; raise `Invalid` with a sentence for each field at fault."""
        return moment(text(self.day), text(self.clock), zone())
