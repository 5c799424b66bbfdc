"""The forms of log-in, first run, profile and team."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # new in 3.3
from wtforms.validators import DataRequired, Length, ValidationError

from webapp.kernel.i18n import later
from webapp.kernel.web.forms import NEEDED, SHORT
from webapp.operators.accounts import time_zones
from webapp.operators.accounts.profile import LANGUAGES
from webapp.operators.accounts.team import email_fault
from webapp.operators.authentication.login import normal
from webapp.operators.authentication.passwords import LONGEST, SHORTEST, weakness
from webapp.operators.models import Role

PASSWORD = later("Password")
ROLES = (
    SelectChoice(value=Role.VIEWER.value, label=later("Viewer")),
    SelectChoice(value=Role.REVIEWER.value, label=later("Reviewer")),
    SelectChoice(value=Role.MARKETER.value, label=later("Marketer")),
    SelectChoice(value=Role.ADMIN.value, label=later("Admin")),
)


def good_email(_form: object, field: StringField) -> None:
    """Refuse an address that cannot be one, with a sentence."""
    fault = email_fault(normal(field.data or ""))
    if fault:
        raise ValidationError(fault)


def good_password(form: FlaskForm, field: PasswordField) -> None:
    """Refuse a weak password, with a sentence; what else the form holds makes it no stronger."""
    about = [str(form[name].data or "") for name in ("name", "email") if name in form]
    fault = weakness(field.data or "", about)
    if fault:
        raise ValidationError(fault)


def good_zone(_form: object, field: StringField) -> None:
    """Refuse a time zone that does not exist, with a sentence."""
    fault = time_zones.fault((field.data or "").strip())
    if fault:
        raise ValidationError(fault)


def zone_field() -> StringField:
    """Make the field for the zone somebody lives in; their browser fills it, see `js/zone.js`."""
    return StringField(
        later("Time zone"),
        # Who sends none keeps the one that stands there.
        [DataRequired(later("This is needed.")), SHORT, good_zone],
        description=later("Every date is shown in this zone, such as Europe/Paris."),
        render_kw={"list": "time-zones", "autocomplete": "off"},
    )


def new_password_field(label: str = PASSWORD) -> PasswordField:
    """Make the field for a password that is chosen now."""
    return PasswordField(
        label,
        [NEEDED, good_password],
        description=later("At least %(n)s characters; a sentence is good.", n=SHORTEST),
        render_kw={"autocomplete": "new-password"},
    )


class LoginForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Email and password."""

    email = EmailField(
        later("Email"), [NEEDED, SHORT], render_kw={"autocomplete": "username", "autofocus": True}
    )
    password = PasswordField(
        later("Password"),
        [NEEDED, Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    stay = BooleanField(later("Stay logged in on this computer for 14 days"))


class FirstAdminForm(FlaskForm):  # type: ignore[misc]  # as above
    """The first administrator, who can read the console."""

    token = StringField(
        later("Token"),
        [DataRequired(later("The token from the console is needed.")), SHORT],
        description=later("It stands on the console where Fanfare was started."),
        render_kw={
            "autocomplete": "off",
            "autofocus": True,
            "spellcheck": "false",
            "class": "ff-mono",
            "data-from-address": True,
        },
    )
    name = StringField(later("Your name"), [NEEDED, SHORT], render_kw={"autocomplete": "name"})
    email = EmailField(
        later("Email"), [NEEDED, SHORT, good_email], render_kw={"autocomplete": "username"}
    )
    password = new_password_field()
    time_zone = zone_field()


class AcceptForm(FlaskForm):  # type: ignore[misc]  # as above
    """What an invited operator fills in."""

    name = StringField(
        later("Your name"), [NEEDED, SHORT], render_kw={"autocomplete": "name", "autofocus": True}
    )
    password = new_password_field(later("New password"))
    time_zone = zone_field()


class InviteForm(FlaskForm):  # type: ignore[misc]  # as above
    """An email and a role."""

    email = EmailField(later("Email"), [NEEDED, SHORT, good_email])
    role = SelectField(later("Role"), choices=ROLES, default=Role.MARKETER.value)


class RoleForm(FlaskForm):  # type: ignore[misc]  # as above
    """Another role for an operator."""

    role = SelectField(later("Role"), choices=ROLES)


class ProfileForm(FlaskForm):  # type: ignore[misc]  # as above
    """How Fanfare speaks to an operator."""

    name = StringField(later("Your name"), [NEEDED, SHORT])
    language = SelectField(
        later("Language"),
        choices=[SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()],
    )
    time_zone = zone_field()


class PasswordForm(FlaskForm):  # type: ignore[misc]  # as above
    """The old and the new password."""

    old = PasswordField(
        later("Current password"), [NEEDED], render_kw={"autocomplete": "current-password"}
    )
    password = new_password_field(later("New password"))
