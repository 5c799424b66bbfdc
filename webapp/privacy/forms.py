"""The form that erases a person."""

from flask_wtf import FlaskForm
from wtforms import StringField

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.web.forms import NEEDED, SHORT


class EraseForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The username of whom to erase, typed by whoever does it."""

    name = StringField(lazy_gettext("Username"), [NEEDED, SHORT], render_kw={"autocomplete": "off"})
