"""Which column of a file says what, and how its rows are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from webapp.audience.consents import export
from webapp.kernel.errors import Invalid
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _

# What may be said of all rows at once, where no column says it.
DEFAULTS = ("account", "answer", "wording", "version", "language", "purpose", "proof")
# How programs call such columns, beside the words of the pages.
ALIASES = {
    "account": ("account", "service", "channel"),
    "network_id": ("network id", "id", "user id", "remote id", "external id"),
    "username": ("username", "handle", "user", "screen name"),
    "answer": ("answer", "consent", "status", "opt-in", "opted in", "subscribed"),
    "scope": ("about", "scope"),
    "date": ("date", "when", "at", "timestamp", "consent date", "opted in at", "opted out at"),
    "proof": ("proof", "where", "evidence", "consent source", "page"),
    "wording": ("wording", "text", "consent text", "statement"),
    "version": ("version", "wording version"),
    "language": ("language", "lang", "locale"),
    "purpose": ("purpose", "topic", "list"),
}


class Dates(StrEnum):
    """How days are written; as ISO 8601 they are read in any case."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of a file are read: what each column says by its place, and the rest.

    `width` is how many cells the first line has; `defaults` count where a row says nothing;
    `zone` is that of times without one.
    """

    columns: Mapping[int, str]
    width: int
    dates: Dates = Dates.ISO
    zone: str = "UTC"
    defaults: Mapping[str, str] = field(default_factory=dict)


def labels() -> dict[str, str]:
    """Return what a column may say, with its words."""
    return {
        "account": _("Account"),
        "network_id": _("Id on the network"),
        "username": _("Username"),
        "answer": _("Answer: yes or no"),
        "scope": _("About"),
        "date": _("Date"),
        "proof": _("Proof: where and how"),
        "wording": _("Wording"),
        "version": _("Version of the wording"),
        "language": _("Language of the wording"),
        "purpose": _("Purpose"),
    }


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Return what columns seem to say, by their places as text; each once."""
    known = {fold(str(words)): name for name, words in labels().items()}
    for name, others in ALIASES.items():
        known |= dict.fromkeys(map(fold, others), name)
    # What this product wrote itself, whose times name their zone.
    own = {fold(str(words)): name for name, words in export.columns("").items() if name in ALIASES}
    found: dict[str, str] = {}
    for place, head in enumerate(columns):
        name = (known | own).get(fold(head)) or _dated(head)
        if name and name not in found.values():
            found[str(place)] = name
    return found


def _dated(head: str) -> str:
    bare = fold(head.partition("(")[0])
    return (
        "date"
        if bare and bare == fold(str(_("Date (%(zone)s)", zone="")).partition("(")[0])
        else ""
    )


def check(columns: Mapping[str, str], defaults: Mapping[str, str], width: int) -> None:
    """Raise `Invalid` for a mapping by which no row could be taken in."""
    names = list(columns.values())
    if any(name not in labels() for name in names):
        raise Invalid(_("Choose what each column says from the list."))
    if any(not place.isdecimal() or int(place) >= width for place in columns):
        raise Invalid(_("The file has no such column."))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise Invalid(_("Two columns say the same: %(name)s.", name=labels()[twice]))
    if not {"network_id", "username"} & set(names):
        raise Invalid(_("Say which column names the person: by id or by username."))
    for name, fault in (
        ("account", _("Say which account the answers are about, or which column says it.")),
        ("answer", _("Say whether all rows are a yes or a no, or which column says it.")),
    ):
        if name not in names and not defaults.get(name):
            raise Invalid(fault, {name: fault})
