"""What a page can ask of people: fields of a profile, and ways to write to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from webapp.audience.models import ConsentScope
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import fields
from webapp.profiles.models import OwnField

# The whole name, which networks know in one piece.
NAME = "name"
BUILT_IN = (NAME, "email", "language", "birth_date", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that can be asked: how it is called, and what a browser is told of it."""

    name: str
    words: str
    kind: str = "text"
    autocomplete: str = "off"


def built_in() -> list[Field]:
    """Return the fields that every instance can ask."""
    return [
        Field(name=NAME, words=_("Name"), autocomplete="name"),
        Field(name="email", words=_("E-mail"), kind="email", autocomplete="email"),
        Field(name="language", words=_("Language"), autocomplete="language"),
        Field(name="birth_date", words=_("Birthday"), kind="date", autocomplete="bday"),
        Field(name="phone", words=_("Phone"), kind="tel", autocomplete="tel"),
    ]


@requires(Permission.PUBLIC)
def every(runtime: Runtime) -> Sequence[Field]:
    """Return all fields that can be asked, those of the team last."""
    added = runtime.session.scalars(select(OwnField).order_by(OwnField.id))
    return [
        *built_in(),
        *(Field(name=f"{fields.OWN}{row.code}", words=row.name) for row in added),
    ]


def usual_purpose(name: str) -> str:
    """Return the words that a new page says about a field, until operators write better ones."""
    words: dict[str, Any] = {
        NAME: _("To greet you by your name."),
        "email": _("To write to you by e-mail."),
        "language": _("To write in a language you read."),
        "birth_date": _("To write to you on your birthday."),
        "phone": _("To call you."),
    }
    return _theirs(words.get(name, ""))


def usual_agreement(scope: ConsentScope, account: str) -> str:
    """Return the words that a new page asks people to agree to."""
    if scope is ConsentScope.MESSAGES:
        return _theirs(_("Direct messages from %(account)s", account=account))
    return _theirs(_("E-mail from %(account)s", account=account))


def _theirs(sentence: str) -> str:
    """Return a sentence as operators would type it: stored in one language, theirs to change."""
    return "".join(sentence)
