"""Which column of a file is which field, and what a row says by that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from webapp.kernel.errors import Invalid
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST
from webapp.profiles import fields, tags
from webapp.profiles.fields import Dates, Fault, Label, Wrong

# Columns that are no field of their own: a whole name is parted, tags are given.
NAME, TAGS = "name", "tags"
# How programs call such columns, beside the words of the pages.
ALIASES = {
    "first_name": ("first name", "firstname", "given name", "forename"),
    "last_name": ("last name", "lastname", "surname", "family name"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
    "phone": ("phone", "telephone", "mobile", "phone number", "tel"),
    "birth_date": ("born", "birthday", "birth date", "date of birth", "birthdate", "dob"),
    "language": ("language", "lang", "locale"),
    NAME: ("name", "full name"),
    TAGS: ("tags", "tag", "labels", "groups"),
}


class Known(StrEnum):
    """What a row does to a profile that is known: fills what is unknown, replaces, or nothing."""

    FILL = "fill"
    REPLACE = "replace"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of a file are read: the field of each column by its place, and the rest.

    `width` is how many cells the first line has; `tag` is given to every profile of the file.
    """

    columns: Mapping[int, str]
    width: int
    dates: Dates = Dates.ISO
    known: Known = Known.FILL
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What one row says."""

    values: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


@requires(Permission.VIEW)
def choices(runtime: Runtime) -> list[Label]:
    """Return what a column may be."""
    more = [Label(name=NAME, words=_("Whole name")), Label(name=TAGS, words=_("Tags"))]
    return [*fields.every(runtime), *more]


def guess(runtime: Runtime, columns: Sequence[str]) -> dict[str, str]:
    """Return the fields that columns seem to be, by their places as text; each field once."""
    words = {fold(label.words): label.name for label in choices(runtime)}
    for name, others in ALIASES.items():
        words |= dict.fromkeys(others, name)
    found: dict[str, str] = {}
    for place, head in enumerate(columns):
        name = words.get(fold(head), "")
        if name and name not in found.values():
            found[str(place)] = name
    return found


def check(runtime: Runtime, mapping: Mapping[str, str], width: int) -> None:
    """Raise `Invalid` for a mapping by which nobody could be read."""
    known = {label.name for label in choices(runtime)}
    used = list(mapping.values())
    faults = {}
    for place, name in mapping.items():
        if name not in known or not (place.isdecimal() and int(place) < width):
            faults[f"column_{place}"] = _("There is no such field.")
        elif used.count(name) > 1 and name != TAGS:
            faults[f"column_{place}"] = _("Another column is this field already.")
    if faults:
        raise Invalid(_("Some columns cannot be read like that."), faults)
    if not {*fields.NAMES, NAME, "email", "phone"} & {*used}:
        fault = _("Say which column holds the name, the e-mail address or the phone number.")
        raise Invalid(fault, {"mapping": fault})


def read(cells: Sequence[str], how: Reading) -> Read:
    """Return what a row says; raise `Wrong` with the field at fault."""
    if any(cells[how.width :]):
        raise Wrong("", Fault.CELLS)
    told: dict[str, str] = {}
    given: list[str] = [how.tag] if how.tag else []
    for place, name in how.columns.items():
        cell = cells[place] if place < len(cells) else ""
        if name == TAGS:
            given += _tags(cell)
        else:
            told |= _parts(cell) if name == NAME else {name: fields.read(name, cell, how.dates)}
    told = {name: value for name, value in told.items() if value}
    if not fields.names_somebody(told):
        raise Wrong("", Fault.NOBODY)
    return Read(values=told, tags=given)


def _tags(cell: str) -> list[str]:
    given = [part.strip() for part in cell.split(tags.BETWEEN)]
    if any(len(tag) > LONGEST for tag in given):
        raise Wrong(TAGS, Fault.LONG)
    return [tag for tag in given if fold(tag)]


def _parts(cell: str) -> dict[str, str]:
    """Part a whole name: *Ruiz, Ana* as lists have it, else the first word and the rest."""
    last, comma, first = (part.strip() for part in fields.read(NAME, cell).partition(","))
    if not comma:
        first, _blank, last = last.partition(" ")
    return {"first_name": first, "last_name": last}
