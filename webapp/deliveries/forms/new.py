"""The form that begins a delivery."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from webapp.deliveries.drafts import validation
from webapp.deliveries.models import Template
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web.forms import choices
from webapp.services.models import Service


class NewForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What a delivery is called, what it starts from, and which account speaks."""

    label = StringField(
        lazy_gettext("Label"),
        [
            InputRequired(lazy_gettext("A delivery needs a label.")),
            Length(
                max=validation.LONGEST_LABEL,
                message=lazy_gettext(
                    "A label has at most %(n)s characters.", n=validation.LONGEST_LABEL
                ),
            ),
        ],
        description=lazy_gettext("What your team calls it; nobody else sees it."),
    )
    template = SelectField(lazy_gettext("Start from"), coerce=whole)
    sender = SelectField(lazy_gettext("Send from"), coerce=whole)
    accounts = SelectMultipleField(
        lazy_gettext("Publish as"),
        coerce=whole,
        option_widget=CheckboxInput(),
        validate_choice=True,
    )

    def offer(
        self, templates: Sequence[Template], accounts: Sequence[Service], *, from_one: bool
    ) -> None:
        """Fill the choices, and leave out the field that does not fit."""
        if templates:
            self.template.choices = choices((item.id, item.name) for item in templates)
        else:
            del self.template
        names = choices((item.id, item.shown_name) for item in accounts)
        if from_one:
            del self.accounts
            self.sender.choices = names
        else:
            del self.sender
            self.accounts.choices = names

    @property
    def template_id(self) -> int | None:
        """The template that was chosen; `None` is the one of the kind."""
        return self.template.data if "template" in self else None

    @property
    def service_ids(self) -> list[int]:
        """The accounts that were chosen."""
        if "sender" in self:
            return [self.sender.data]
        return list(self.accounts.data or [])
