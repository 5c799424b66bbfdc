"""The forms of what an instance and an account chose about clicks."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from webapp.deliveries.forms.parts import WholeField
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.web.forms import SHORT, text
from webapp.tracking.choices import Choices


class ChoicesForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What holds for the whole instance; the fields are those of `Choices`."""

    counts = BooleanField(
        lazy_gettext("Count clicks"),
        description=lazy_gettext(
            "Links of deliveries go out as short ones of this instance. Each delivery can leave "
            "its own as they are."
        ),
    )
    names_people = BooleanField(
        lazy_gettext("Keep who clicked"),
        description=lazy_gettext(
            "Without it, direct messages all carry the same link, and clicks are of nobody."
        ),
    )
    campaign = BooleanField(
        lazy_gettext("Tell the target which campaign it was"),
        description=lazy_gettext(
            "Adds utm_source, utm_medium and utm_campaign on the way, unless the address has some."
        ),
    )
    click_ids = BooleanField(
        lazy_gettext("Tell the target the number of the click"),
        description=lazy_gettext(
            "Adds fanfare_click on the way, by which your shop can report what came of it."
        ),
    )
    valid_days = WholeField(
        lazy_gettext("Links lead on for so many days"),
        validators=[Optional()],
        description=lazy_gettext("Counted from the first message; empty is for ever."),
        render_kw={"inputmode": "numeric", "class": "ff-short"},
    )
    substitute = StringField(
        lazy_gettext("And then to"),
        validators=[SHORT],
        description=lazy_gettext(
            "A whole address. Without one, a page says that the link is over."
        ),
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )

    @property
    def choices(self) -> Choices:
        """What was chosen."""
        return Choices(
            counts=bool(self.counts.data),
            names_people=bool(self.names_people.data),
            campaign=bool(self.campaign.data),
            click_ids=bool(self.click_ids.data),
            valid_days=self.valid_days.data,
            substitute=text(self.substitute),
        )


class DomainForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The address that the links of an account begin with."""

    address = StringField(
        lazy_gettext("Address of its links"),
        validators=[SHORT],
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
