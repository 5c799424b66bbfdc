"""The form that changes a schedule."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from webapp.kernel.words import later


class ScheduleForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A schedule as a cron expression, shown in words beside it."""

    schedule = StringField(
        later("Schedule"),
        [InputRequired(later("This is needed.")), Length(max=100)],
        description=later("Minute, hour, day, month, weekday: 30 7 * * 4 is Thursday at 07:30."),
        render_kw={"spellcheck": "false", "class": "ff-mono"},
    )
