"""The forms of templates."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.deliveries.drafts.wording import LONGEST_CONTENT
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.web.forms import SHORT


class TemplateNameForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """How a template is called."""

    name = StringField(
        lazy_gettext("Name"),
        [
            InputRequired(lazy_gettext("A template needs a name.")),
            SHORT,
        ],
        description=lazy_gettext("The text and the proof target are kept with it."),
    )


class TemplateForm(TemplateNameForm):
    """A template with its text."""

    content = TextAreaField(
        lazy_gettext("Text"),
        [Length(max=LONGEST_CONTENT, message=lazy_gettext("This text is too long to be kept."))],
    )
