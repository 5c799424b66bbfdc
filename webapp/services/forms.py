"""The form of a service: the core's fields beside the ones its channel asks for."""

from decimal import Decimal

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DecimalField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from channels import Channel, SettingsForm
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text.naming import bare
from webapp.kernel.web.forms import NEEDED, SHORT, text
from webapp.services.channel import declared
from webapp.services.connection import changes
from webapp.services.connection.drafts import HIGHEST_BUDGET, HIGHEST_CAP, ServiceOptions
from webapp.services.models import Service

PREFIX = "channel-"
PLAIN = (
    "label", "internal_name", "sync_subscriptions", "is_test", "four_eyes", "daily_cap",
    "monthly_budget", "time_zone",
)  # fmt: skip


class ServiceForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What the core asks for; the channel's own form stands below it."""

    label = StringField(
        lazy_gettext("Label"),
        [NEEDED, SHORT],
        description=lazy_gettext("What your team calls this account."),
    )
    internal_name = StringField(
        lazy_gettext("Handle"),
        [NEEDED, SHORT],
        description=lazy_gettext(
            "The name the account has on the network, without the @. The keys must belong to it."
        ),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    folder = StringField(lazy_gettext("Folder"), [NEEDED, SHORT], default="Services")
    sync_subscriptions = BooleanField(
        lazy_gettext("Synchronise subscriptions"),
        default=True,
        description=lazy_gettext("Its people become visitors each time the workflow runs."),
    )
    visitor_folder = StringField(
        lazy_gettext("Visitor folder"),
        [NEEDED, SHORT],
        default="Visitors",
        description=lazy_gettext("Where new visitors of this service are kept."),
    )
    is_test = BooleanField(
        lazy_gettext("Private test account"),
        description=lazy_gettext("Proofs go here; it is never offered as a target."),
    )
    four_eyes = BooleanField(
        lazy_gettext("Second pair of eyes"),
        description=lazy_gettext(
            "Whoever wrote or changed a delivery cannot approve or send it alone: somebody else "
            "approves its proof, or sends it."
        ),
    )
    daily_cap = IntegerField(
        lazy_gettext("Direct messages a day, at most"),
        [InputRequired(), NumberRange(1, HIGHEST_CAP)],
        default=250,
        description=lazy_gettext("Your own cap, below whatever the network allows."),
    )
    monthly_budget = DecimalField(
        lazy_gettext("Budget a month"),
        [Optional(), NumberRange(0, HIGHEST_BUDGET)],
        description=lazy_gettext("Deliveries pause before it is passed. Empty means no budget."),
    )

    # What was chosen when the page was made, so that an old page puts nothing old back.
    seen = HiddenField()
    time_zone = StringField(
        lazy_gettext("Time zone of the account"),
        [Optional(), SHORT],
        description=lazy_gettext("Its day begins by these clocks, and with it the daily cap anew."),
        render_kw={"list": "time-zones", "autocomplete": "off"},
    )

    def options(self) -> ServiceOptions:
        """Return what was chosen."""
        return ServiceOptions(
            is_test=bool(self.is_test.data),
            sync_subscriptions=bool(self.sync_subscriptions.data),
            four_eyes=bool(self.four_eyes.data),
            folder=text(self.folder),
            visitor_folder=text(self.visitor_folder),
            daily_cap=int(self.daily_cap.data or 0),
            monthly_budget=_decimal(self.monthly_budget.data),
            time_zone=text(self.time_zone),
        )


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def handle(field: StringField) -> str:
    """Return the internal name as the network writes it, without a leading @."""
    return bare(text(field))


def of_service(service: Service) -> ServiceForm:
    """Return the form filled with what is stored."""
    # A form prefers the attributes of an `obj`, and those of the folders are rows, not names.
    stored = {name: getattr(service, name) for name in PLAIN}
    folders = {"folder": service.folder.name, "visitor_folder": service.visitor_folder.name}
    return ServiceForm(data=stored | folders | {"seen": changes.mark(service)})


def of_channel(
    channel: Channel, sent: MultiDict[str, str] | None = None, stored: Service | None = None
) -> SettingsForm:
    """Return the channel's own form, filled with what was sent or with what is stored."""
    form = declared.form(channel)
    return form(sent, data=stored.settings if stored else None, prefix=PREFIX)
