"""The forms of log-in, first run, profile and team."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # new in 3.3
from wtforms.validators import DataRequired, Length, ValidationError

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.web.forms import NEEDED, SHORT
from webapp.operators.accounts import time_zones
from webapp.operators.accounts.profile import LANGUAGES
from webapp.operators.accounts.team import email_fault
from webapp.operators.authentication.login import normal
from webapp.operators.authentication.passwords import LONGEST, SHORTEST, weakness
from webapp.operators.models import Role

PASSWORD = lazy_gettext("Password")
ROLES = (
    SelectChoice(value=Role.VIEWER.value, label=lazy_gettext("Viewer")),
    SelectChoice(value=Role.REVIEWER.value, label=lazy_gettext("Reviewer")),
    SelectChoice(value=Role.MARKETER.value, label=lazy_gettext("Marketer")),
    SelectChoice(value=Role.ADMIN.value, label=lazy_gettext("Admin")),
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
        lazy_gettext("Time zone"),
        # Who sends none keeps the one that stands there.
        [DataRequired(lazy_gettext("This is needed.")), SHORT, good_zone],
        description=lazy_gettext("Every date is shown in this zone, such as Europe/Paris."),
        render_kw={"list": "time-zones", "autocomplete": "off"},
    )


def new_password_field(label: str = PASSWORD) -> PasswordField:
    """Make the field for a password that is chosen now."""
    return PasswordField(
        label,
        [NEEDED, good_password],
        description=lazy_gettext("At least %(n)s characters; a sentence is good.", n=SHORTEST),
        render_kw={"autocomplete": "new-password"},
    )


class LoginForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Email and password."""

    email = EmailField(
        lazy_gettext("Email"),
        [NEEDED, SHORT],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [NEEDED, Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    stay = BooleanField(lazy_gettext("Stay logged in on this computer for 14 days"))


class FirstAdminForm(FlaskForm):  # type: ignore[misc]  # as above
    """The first administrator, who can read the console."""

    token = StringField(
        lazy_gettext("Token"),
        [DataRequired(lazy_gettext("The token from the console is needed.")), SHORT],
        description=lazy_gettext("It stands on the console where Fanfare was started."),
        render_kw={
            "autocomplete": "off",
            "autofocus": True,
            "spellcheck": "false",
            "class": "ff-mono",
            "data-from-address": True,
        },
    )
    name = StringField(
        lazy_gettext("Your name"), [NEEDED, SHORT], render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        lazy_gettext("Email"), [NEEDED, SHORT, good_email], render_kw={"autocomplete": "username"}
    )
    password = new_password_field()
    time_zone = zone_field()


class AcceptForm(FlaskForm):  # type: ignore[misc]  # as above
    """What an invited operator fills in."""

    name = StringField(
        lazy_gettext("Your name"),
        [NEEDED, SHORT],
        render_kw={"autocomplete": "name", "autofocus": True},
    )
    password = new_password_field(lazy_gettext("New password"))
    time_zone = zone_field()


class InviteForm(FlaskForm):  # type: ignore[misc]  # as above
    """An email and a role."""

    email = EmailField(lazy_gettext("Email"), [NEEDED, SHORT, good_email])
    role = SelectField(lazy_gettext("Role"), choices=ROLES, default=Role.MARKETER.value)


class RoleForm(FlaskForm):  # type: ignore[misc]  # as above
    """Another role for an operator."""

    role = SelectField(lazy_gettext("Role"), choices=ROLES)


class ProfileForm(FlaskForm):  # type: ignore[misc]  # as above
    """How Fanfare speaks to an operator."""

    name = StringField(lazy_gettext("Your name"), [NEEDED, SHORT])
    language = SelectField(
        lazy_gettext("Language"),
        choices=[SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()],
    )
    time_zone = zone_field()


class PasswordForm(FlaskForm):  # type: ignore[misc]  # as above
    """The old and the new password."""

    old = PasswordField(
        lazy_gettext("Current password"), [NEEDED], render_kw={"autocomplete": "current-password"}
    )
    password = new_password_field(lazy_gettext("New password"))
