"""The form of a profile: its fields, and those that the team added."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.web.forms import NEEDED, SHORT, text
from webapp.profiles.fields import BUILT_IN, OWN
from webapp.profiles.models import OwnField


class ProfileForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A contact as an operator writes it."""

    first_name = StringField(lazy_gettext("First name"), [SHORT], render_kw={"autocomplete": "off"})
    last_name = StringField(lazy_gettext("Last name"), [SHORT], render_kw={"autocomplete": "off"})
    email = StringField(
        lazy_gettext("E-mail"), [SHORT], render_kw={"type": "email", "autocomplete": "off"}
    )
    twice = BooleanField(lazy_gettext("Another profile may have this address, too"))
    phone = StringField(
        lazy_gettext("Phone"), [SHORT], render_kw={"type": "tel", "autocomplete": "off"}
    )
    birth_date = StringField(lazy_gettext("Born"), [SHORT], render_kw={"type": "date"})
    language = StringField(
        lazy_gettext("Language"),
        [SHORT],
        description=lazy_gettext("The code of the language they read, such as es."),
        render_kw={"autocomplete": "off", "list": "languages"},
    )
    version = HiddenField()

    def given(self) -> dict[str, str]:
        """Return what was written, by the names of fields."""
        told = {name: text(self[name]) for name in BUILT_IN}
        own = {item.name: text(item) for item in self if item.name.startswith("own_")}
        return told | {OWN + name.removeprefix("own_"): value for name, value in own.items()}


def profile_form(own: Sequence[OwnField], values: Mapping[str, str] | None = None) -> ProfileForm:
    """Return the form with the fields of the team; `values` are what it shows at first."""

    class WithOwn(ProfileForm):
        """The form of this instance."""

    for row in own:
        field = StringField(row.name, [SHORT], render_kw={"autocomplete": "off"})
        setattr(WithOwn, f"own_{row.code}", field)
    shown: dict[str, Any] = {}
    for name, value in (values or {}).items():
        shown[name.replace(OWN, "own_", 1) if name.startswith(OWN) else name] = value
    return WithOwn(data=shown or None)


def field_names(faults: Mapping[str, str]) -> dict[str, str]:
    """Return faults by the names that the fields have in the form."""
    return {
        name.replace(OWN, "own_", 1) if name.startswith(OWN) else name: fault
        for name, fault in faults.items()
    }


class TagForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A tag; a new word makes a new one."""

    tag = StringField(
        lazy_gettext("Tag"), [NEEDED, SHORT], render_kw={"list": "tags", "autocomplete": "off"}
    )


class LinkForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Why a visitor is the person of a profile."""

    note = StringField(
        lazy_gettext("How do you know?"),
        [SHORT],
        description=lazy_gettext("Such as: told me in the shop. It may be left empty."),
        render_kw={"autocomplete": "off"},
    )


class FieldForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """The name of a field that the team adds."""

    name = StringField(
        lazy_gettext("Name of the field"),
        [NEEDED, SHORT],
        description=lazy_gettext("Such as Town, or Customer number."),
        render_kw={"autocomplete": "off"},
    )
