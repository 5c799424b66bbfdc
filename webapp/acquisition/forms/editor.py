"""The editor of a page: what holds for all its languages, and the words of one of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from webapp.acquisition.asked import Field
from webapp.acquisition.content import PLAIN, SCOPES, Content, Words
from webapp.acquisition.models import AcquisitionPage
from webapp.acquisition.pages import Change
from webapp.audience.models import ConsentScope
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.text.cleaning import whole
from webapp.kernel.time.local_time import moment
from webapp.kernel.web.forms import NEEDED, SHORT, choices, text
from webapp.profiles.reconciliation.reconcile import Mode

MODES = (
    (
        Mode.AUTOMATIC.value,
        lazy_gettext("By what the network tells; an operator decides about what is typed"),
    ),
    (Mode.MANUAL.value, lazy_gettext("An operator decides each time")),
    (Mode.NONE.value, lazy_gettext("Everybody becomes a new profile")),
)
TIMES = ("starts", "ends")


class EditorForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """A page as an operator writes it; `pages.edit` says what is wrong with it."""

    edition = HiddenField()
    language = HiddenField()
    label = StringField(
        lazy_gettext("Name of the page"),
        [NEEDED, SHORT],
        description=lazy_gettext("What your team calls it; people see the title."),
    )
    slug = StringField(
        lazy_gettext("Address"),
        [SHORT],
        description=lazy_gettext("Stays as it is once people have it."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    title = StringField(lazy_gettext("Title"))
    text = TextAreaField(lazy_gettext("Text"), render_kw={"rows": 5})
    alt = StringField(
        lazy_gettext("What the picture shows"),
        description=lazy_gettext("For people who do not see it."),
    )
    thanks = TextAreaField(
        lazy_gettext("Thanks page"),
        description=lazy_gettext("What people read after they accepted; a plain thanks if empty."),
        render_kw={"rows": 2},
    )
    thanks_url = StringField(
        lazy_gettext("Link on the thanks page"),
        description=lazy_gettext("Where people may go on, such as your shop. It may stay empty."),
        render_kw={"inputmode": "url"},
    )
    privacy_url = StringField(
        lazy_gettext("Privacy notice, required"),
        description=lazy_gettext("Such as https://shop.example/privacy."),
        render_kw={"inputmode": "url"},
    )
    starts_day = StringField(lazy_gettext("From, day"), render_kw={"type": "date"})
    starts_clock = StringField(lazy_gettext("From, time"), render_kw={"type": "time"})
    ends_day = StringField(lazy_gettext("Until, day"), render_kw={"type": "date"})
    ends_clock = StringField(lazy_gettext("Until, time"), render_kw={"type": "time"})
    mode = SelectField(lazy_gettext("Whose data are these?"), choices=choices(MODES))

    def change(self, asked: Sequence[Field], zone: ZoneInfo) -> Change:
        """Return what was written; raise `Invalid` for a moment that cannot be read."""
        moments = self._moments(zone)
        return Change(
            edition=whole(text(self.edition) or 0),
            label=text(self.label),
            slug=text(self.slug),
            language=text(self.language),
            words=self._words(asked),
            content=Content(
                languages=(),
                fields=tuple(item.name for item in asked if self[f"asks_{code(item.name)}"].data),
                scopes=tuple(scope for scope in SCOPES if self[f"agrees_{scope.value}"].data),
                privacy_url=text(self.privacy_url),
                thanks_url=text(self.thanks_url),
                starts_at=moments["starts"],
                ends_at=moments["ends"],
                mode=Mode(self.mode.data),
            ),
        )

    def _words(self, asked: Sequence[Field]) -> Words:
        return Words(
            **{name: text(self[name]) for name in PLAIN},
            purposes={item.name: text(self[f"purpose_{code(item.name)}"]) for item in asked},
            agreements={scope.value: text(self[f"agreement_{scope.value}"]) for scope in SCOPES},
        )

    def _moments(self, zone: ZoneInfo) -> dict[str, datetime | None]:
        found: dict[str, datetime | None] = {}
        faults: dict[str, str] = {}
        for name in TIMES:
            day, clock = text(self[f"{name}_day"]), text(self[f"{name}_clock"])
            found[name] = None
            if not day and not clock:
                continue
            try:
                found[name] = moment(day, clock, zone)
            except Invalid as fault:
                faults |= {f"{name}_{part}": said for part, said in fault.fields.items()}
        if faults:
            raise Invalid(next(iter(faults.values())), faults)
        return found


def code(name: str) -> str:
    """Return how a field of a profile is named in the form."""
    return name.replace(".", "_")


def field_names(faults: dict[str, str]) -> dict[str, str]:
    """Return faults by the names that the fields have in the form."""
    return {code(name).replace("-", "_"): fault for name, fault in faults.items()}


def editor_form(asked: Sequence[Field], values: dict[str, Any] | None = None) -> EditorForm:
    """Return the form with what can be asked; `values` are what it shows at first."""

    class WithAsked(EditorForm):
        """The form of this instance."""

    for item in asked:
        label = lazy_gettext("Why: %(field)s", field=item.words)
        setattr(WithAsked, f"asks_{code(item.name)}", BooleanField(item.words))
        setattr(WithAsked, f"purpose_{code(item.name)}", StringField(label))
    for scope in SCOPES:
        setattr(WithAsked, f"agrees_{scope.value}", BooleanField(SCOPE_WORDS[scope]))
        words = StringField(lazy_gettext("What people agree to"))
        setattr(WithAsked, f"agreement_{scope.value}", words)
    return WithAsked(data=values)


SCOPE_WORDS = {
    ConsentScope.MESSAGES: lazy_gettext("Direct messages"),
    ConsentScope.EMAIL: lazy_gettext("E-mail"),
}


def shown(
    page: AcquisitionPage, draft: Content, language: str, asked: Sequence[Field], zone: ZoneInfo
) -> dict[str, Any]:
    """Return what the editor shows of a page in one language."""
    words = draft.in_language(language)
    values: dict[str, Any] = {
        "edition": str(page.edition),
        "language": language,
        "label": page.label,
        "slug": page.slug,
        "privacy_url": draft.privacy_url,
        "thanks_url": draft.thanks_url,
        "mode": draft.mode.value,
        **{name: getattr(words, name) for name in PLAIN},
    }
    for name, at in (("starts", draft.starts_at), ("ends", draft.ends_at)):
        here = at.astimezone(zone) if at else None
        values[f"{name}_day"] = here.date().isoformat() if here else ""
        values[f"{name}_clock"] = f"{here:%H:%M}" if here else ""
    for item in asked:
        values[f"asks_{code(item.name)}"] = item.name in draft.fields
        values[f"purpose_{code(item.name)}"] = words.purposes.get(item.name, "")
    for scope in SCOPES:
        values[f"agrees_{scope.value}"] = scope in draft.scopes
        values[f"agreement_{scope.value}"] = words.agreements.get(scope.value, "")
    return values


class NewPageForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """What a new page begins with."""

    label = StringField(
        lazy_gettext("Name of the page"),
        [NEEDED, SHORT],
        description=lazy_gettext("It is the title at first, and makes the address."),
    )
    service_id = SelectField(
        lazy_gettext("Account"),
        coerce=int,
        description=lazy_gettext("In whose name people are asked, and who may write to them."),
    )
    language = StringField(
        lazy_gettext("First language"),
        [NEEDED, SHORT],
        description=lazy_gettext("The code of a language, such as en or es. More can be added."),
        render_kw={"autocomplete": "off", "list": "languages"},
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """One more language of a page."""

    edition = HiddenField()
    code = StringField(
        lazy_gettext("One more language"),
        [NEEDED, SHORT],
        render_kw={"autocomplete": "off", "list": "languages", "size": 8},
    )


class SourceForm(FlaskForm):  # type: ignore[misc]  # flask-wtf ships no types
    """Where people come from."""

    source = StringField(
        lazy_gettext("Where do people come from?"),
        [NEEDED, SHORT],
        description=lazy_gettext("Such as newsletter, spring fair or shop window."),
        render_kw={"autocomplete": "off"},
    )
