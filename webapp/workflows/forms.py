"""The forms that change a schedule: days and a time, or a cron expression."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web.forms import text
from webapp.workflows.models import Workflow
from webapp.workflows.schedules import cadence

SUNDAY = 0


class DaysForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The days of the week and the time of day at which a workflow runs."""

    days: Any = SelectMultipleField(
        lazy_gettext("Days"), coerce=whole, option_widget=CheckboxInput(), validate_choice=False
    )
    clock = StringField(lazy_gettext("Time"), render_kw={"type": "time"})

    @classmethod
    def of(
        cls, workflow: Workflow, zone: ZoneInfo, now: datetime, *, sent: bool = True
    ) -> "DaysForm":
        """Return the form, with what was sent, or what is stored by the clocks of a zone."""
        found = cadence.shown_to(workflow.schedule, workflow.time_zone, zone.key, now)
        stored = {"days": list(found.days), "clock": f"{found.at:%H:%M}"} if found else {}
        form = cls(data=stored, **_formdata(sent=sent))
        # A week begins on Monday for whoever reads a list of its days.
        names = list(enumerate(cadence.short_day_names()))
        form.days.choices = [*names[1:], names[SUNDAY]]
        return form

    def schedule(self) -> str:
        """Return what was chosen as it is stored; raise `Invalid` for what is missing."""
        known = [day for day in self.days.data or [] if day in cadence.WEEK]
        return cadence.of(known, text(self.clock)).cron


class CronForm(FlaskForm):  # type: ignore[misc]  # as above
    """A schedule as a cron expression, for what days and a time cannot say."""

    schedule = StringField(
        lazy_gettext("Cron expression"),
        [InputRequired(lazy_gettext("This is needed.")), Length(max=100)],
        description=lazy_gettext(
            "Minute, hour, day, month, weekday: 30 7 * * 4 is Thursday at 07:30."
        ),
        render_kw={"spellcheck": "false", "class": "ff-mono", "autocomplete": "off"},
    )

    @classmethod
    def of(
        cls, workflow: Workflow, zone: ZoneInfo, now: datetime, *, sent: bool = True
    ) -> "CronForm":
        """Return the form, with what was sent, or what is stored by the clocks of a zone."""
        found = cadence.shown_to(workflow.schedule, workflow.time_zone, zone.key, now)
        stored = found.cron if found else workflow.schedule
        return cls(data={"schedule": stored}, **_formdata(sent=sent))


def _formdata(*, sent: bool) -> dict[str, None]:
    """Return what keeps a form from reading what was sent to the other one of the page."""
    return {} if sent else {"formdata": None}
