"""The form of a word that ends messages on this instance."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from channels import Wish
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.web.forms import choices

MEANINGS = {
    Wish.STOP: lazy_gettext("It is a STOP: who writes it gets no more messages"),
    Wish.DOUBT: lazy_gettext("It may be a STOP: who writes it gets none until an operator decides"),
}


class OwnWordForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A word or phrase, and what it means."""

    words = StringField(
        lazy_gettext("Word or phrase"),
        description=lazy_gettext("Case, accents and width do not count."),
        render_kw={"autocomplete": "off", "dir": "auto"},
    )
    meaning = RadioField(
        lazy_gettext("What it means"),
        choices=choices((wish.value, said) for wish, said in MEANINGS.items()),
        default=Wish.STOP.value,
    )
