"""The fields of a profile: how each is called, read from text, and compared.

Values travel as text, whoever brings them: a form, a file, a person who signs in. An empty one is
not known. Fields of the team are named by their ids, `own.3`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from babel import Locale, UnknownLocaleError
from sqlalchemy import select

from webapp.audience.names import shown
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import clean
from webapp.kernel.text.lengths import LONGEST
from webapp.operators.accounts.team import email_fault
from webapp.profiles.models import OwnField

Values = Mapping[str, str]
OWN = "own."
NAMES = ("first_name", "last_name")
BUILT_IN = (*NAMES, "email", "phone", "birth_date", "language")
PHONE = re.compile(r"\+?[\d\s().\-/]+")
FEWEST_DIGITS, MOST_DIGITS = 5, 20
OLDEST = date(1880, 1, 1)


class Fault(StrEnum):
    """Why a value, or a row of a file, was not taken; kept as a code."""

    LONG = "long"
    EMAIL = "email"
    PHONE = "phone"
    DAY = "day"
    LANGUAGE = "language"
    NOBODY = "nobody"
    ERASED = "erased"
    SEVERAL = "several"
    CONTRADICTS = "contradicts"
    CELLS = "cells"


class Wrong(ValueError):
    """A value cannot be read."""

    def __init__(self, field: str, fault: Fault) -> None:
        """Keep which field is at fault, and why."""
        super().__init__(fault.value)
        self.field, self.fault = field, fault


class Dates(StrEnum):
    """How days are written in a file."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


ORDERS = {
    Dates.ISO: ("%Y-%m-%d",),
    Dates.DAY_FIRST: ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"),
    Dates.MONTH_FIRST: ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%Y-%m-%d"),
}


def fault_words(fault: Fault) -> str:
    """Return a fault as a sentence."""
    return {
        Fault.LONG: _("This is too long: at most %(n)s characters.", n=LONGEST),
        Fault.EMAIL: _("This is no e-mail address."),
        Fault.PHONE: _("A phone number has 5 to 20 digits, such as +34 972 12 34 56."),
        Fault.DAY: _("This is no day in the past, such as 1990-04-23."),
        Fault.LANGUAGE: _("Write the code of a language, such as es or pt-BR."),
        Fault.NOBODY: _("It has neither a name nor an e-mail address nor a phone number."),
        Fault.ERASED: _("This person was erased at their wish."),
        Fault.SEVERAL: _("Several profiles could be meant: merge them first."),
        Fault.CONTRADICTS: _("A profile with this e-mail address was born on another day."),
        Fault.CELLS: _("It has more cells than the first line."),
    }[fault]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A field by its name, and how it is called."""

    name: str
    words: str


def built_in() -> list[Label]:
    """Return the fields that every profile has."""
    words = {
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "birth_date": _("Born"),
        "language": _("Language"),
    }
    return [Label(name=name, words=words[name]) for name in BUILT_IN]


@requires(Permission.VIEW)
def own(runtime: Runtime) -> Sequence[OwnField]:
    """Return the fields that the team added, in the order of their adding."""
    return runtime.session.scalars(select(OwnField).order_by(OwnField.id)).all()


@requires(Permission.VIEW)
def every(runtime: Runtime) -> list[Label]:
    """Return all fields with their words."""
    added = [Label(name=f"{OWN}{row.code}", words=row.name) for row in own(runtime)]
    return [*built_in(), *added]


def read(name: str, given: str, dates: Dates = Dates.ISO) -> str:
    """Return a value as it is kept; raise `Wrong` for one that cannot be read."""
    text = " ".join(shown(clean(given)).split())
    if not text:
        return ""
    if len(text) > LONGEST:
        raise Wrong(name, Fault.LONG)
    reader = READERS.get(name)
    try:
        return reader(text, dates) if reader else text
    except ValueError as cause:
        raise Wrong(name, FAULTS[name]) from cause


def _email(text: str, _dates: Dates) -> str:
    if email_fault(text):
        raise ValueError(text)
    return text


def _phone(text: str, _dates: Dates) -> str:
    digits = sum(sign.isdecimal() for sign in text)
    if not PHONE.fullmatch(text) or not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise ValueError(text)
    return text


def _day(text: str, dates: Dates) -> str:
    for order in ORDERS[dates]:
        try:
            found = datetime.strptime(text, order).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if OLDEST <= found <= _latest_day():
            return found.isoformat()
    raise ValueError(text)


def _latest_day() -> date:
    """Return the day that has begun somewhere: where it is latest, clocks are 14 hours ahead."""
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def _language(text: str, _dates: Dates) -> str:
    try:
        found = Locale.parse(text, sep="-" if "-" in text else "_")
    except (UnknownLocaleError, TypeError) as cause:
        raise ValueError(text) from cause
    return "-".join(part for part in (found.language, found.territory) if part)


READERS: Mapping[str, Callable[[str, Dates], str]] = {
    "email": _email,
    "phone": _phone,
    "birth_date": _day,
    "language": _language,
}
FAULTS = {
    "email": Fault.EMAIL,
    "phone": Fault.PHONE,
    "birth_date": Fault.DAY,
    "language": Fault.LANGUAGE,
}


def read_all(given: Mapping[str, Any], dates: Dates = Dates.ISO) -> dict[str, str]:
    """Return values as they are kept; raise `Wrong` for the first that cannot be read."""
    return {name: read(name, str(value or ""), dates) for name, value in given.items()}


def names_somebody(values: Values) -> bool:
    """Tell whether values say of whom they are."""
    return any(values.get(name) for name in (*NAMES, "email", "phone"))
