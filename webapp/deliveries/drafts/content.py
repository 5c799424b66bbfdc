"""The text of a delivery: its fields, what it says to one person, its links."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from webapp.audience.models import Visitor
from webapp.audience.readers import Reader
from webapp.kernel.i18n import _, in_language

FIELD = re.compile(r"\{([^{}|\n]{1,40})(?:\|([^{}\n]{0,200}))?\}")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
# What may stand before a field within the address of a link: all up to the last sign that ends one.
ADDRESS = re.compile(r"[^\s<>\"']*\Z")
# It is one from its scheme on, or from the path of a host, of which some networks make links, too.
BEGUN = re.compile(r"https?://|[\w-]\.[a-z]{2,}[/?]", re.IGNORECASE)
# The signs that an operator means as they stand, in a word of theirs within an address.
MEANT = "%:/?#[]@!$&()*+,;=~"
MARKUP = re.compile(r"</?[a-zA-Z][^>]{0,80}>|\{\{|\}\}|\{%|%\}|&[a-z]{2,8};")


FIRST_NAME = "first_name"
OPT_OUT_LINE = "opt_out_line"
# The address of the page that tells its reader why they got a message.
WHY_LINK = "why_link"
# The address of the page that ends the messages.
STOP_LINK = "stop_link"
LINKS = frozenset({WHY_LINK, STOP_LINK})
# How the tokens were written before they were the same in every language. Texts that were sealed,
# or are kept as templates, have them still.
OLDER = {"first name": FIRST_NAME, "full name": "full_name", "opt-out line": OPT_OUT_LINE}
# Those that say something of one person.
PERSONAL = frozenset({FIRST_NAME, "full_name", "username"})
# Begins the tokens of what their profile says: see `profile_fields`.
PROFILE = "profile."


def token(typed: str) -> str:
    """Return the token of what stands between braces."""
    name = typed.strip()
    return OLDER.get(name, name)


def of_profile(name: str) -> bool:
    """Tell whether a token is of something that a profile says."""
    return name.startswith(PROFILE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something of a person that a text may name: its token between braces, and its label.

    The token is the same in every language, the label is in that of whoever writes.
    """

    name: str
    label: str
    value: Callable[[Visitor | Reader], str]


class Filled(NamedTuple):
    """Where a field of a text was filled, from `start` up to `end`, and its token."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A text as one person reads it; `unknown` are words no field has, `empty` unfilled fields."""

    text: str
    unknown: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    filled: tuple[Filled, ...] = ()


def fields() -> dict[str, Field]:
    """Return the fields by their tokens."""
    known = (
        Field(name=FIRST_NAME, label=_("First name"), value=lambda who: who.first_name),
        Field(name="full_name", label=_("Full name"), value=lambda who: who.name),
        Field(name="username", label=_("Username"), value=lambda who: who.handle),
        Field(name=OPT_OUT_LINE, label=_("Opt-out line"), value=lambda _who: opt_out_line()),
        Field(name=STOP_LINK, label=_("Link that ends messages"), value=lambda _who: ""),
        Field(name=WHY_LINK, label=_("Link “Why did I get this?”"), value=lambda _who: ""),
    )
    return {field.name: field for field in known}


def opt_out_line() -> str:
    """Return the line that tells how to end the messages."""
    return _("Write STOP and we will not write again.")


def _nothing(_name: str) -> str:
    return ""


def render(
    content: str,
    person: Visitor | Reader | None,
    language: str,
    *,
    html: bool = False,
    more: Callable[[str], str] = _nothing,
) -> Rendered:
    """Fill the fields for `person`; without one, every field of a person stays open.

    What Fanfare itself writes is in `language`, that of the delivery. In `html` what a person is
    called can be no markup, and in the address of a link it is one value and ends nothing. `more`
    says what stands for one of `LINKS`, and for what the profile of `person` says.
    """
    if "{" not in content:
        return Rendered(text=content.strip())
    filling = _Filling(person, html=html, more=more)
    with in_language(language):
        text = filling.fill(content)
    before = len(text) - len(text.lstrip())
    return Rendered(
        text=text.strip(),
        unknown=tuple(filling.unknown),
        empty=tuple(filling.empty),
        filled=tuple(Filled(at - before, end - before, name) for at, end, name in filling.filled),
    )


class _Filling:
    """Fills the fields of one text, and notes what it met."""

    def __init__(
        self,
        person: Visitor | Reader | None,
        *,
        html: bool,
        more: Callable[[str], str],
    ) -> None:
        self.unknown: list[str] = []
        self.empty: list[str] = []
        self.filled: list[Filled] = []
        self._known = fields()
        self._person, self._html, self._more = person, html, more

    def fill(self, content: str) -> str:
        """Return the text with its fields filled; call it once."""
        made, length, done, address = [], 0, 0, ""
        for found in FIELD.finditer(content):
            before = content[done : found.start()]
            address = ADDRESS.findall(address + before)[0]
            value = self._one(found, in_link=bool(BEGUN.search(address)))
            address += value
            start = length + len(before)
            length, done = start + len(value), found.end()
            made += [before, value]
            self.filled.append(Filled(start, length, token(found[1])))
        return "".join(made) + content[done:]

    def _one(self, found: re.Match[str], *, in_link: bool) -> str:
        name, instead = token(found[1]), found[2]
        value = self._told(name)
        if value is None:
            self.unknown.append(name)
            return found[0]
        if not value and instead is None:
            self.empty.append(name)
        if in_link:
            return quote(value, safe="") or quote(instead or "", safe=MEANT)
        return escape(value) if self._html and value else value or (instead or "")

    def _told(self, name: str) -> str | None:
        """Return what a field says, empty where nothing is known; nothing for no field."""
        if name in LINKS or of_profile(name):
            return self._more(name)
        field = self._known.get(name)
        return None if field is None else _value(field, self._person)


def _value(field: Field, person: Visitor | Reader | None) -> str:
    if field.name == OPT_OUT_LINE:
        return opt_out_line()
    return field.value(person) if person else ""


def names(content: str) -> list[str]:
    """Return the tokens between braces, in their order."""
    return [token(found[1]) for found in FIELD.finditer(content)]


def stands_alone(content: str, name: str) -> bool:
    """Tell whether a field stands somewhere without a word for people it is empty for."""
    return any(token(found[1]) == name and found[2] is None for found in FIELD.finditer(content))


def links(content: str) -> list[str]:
    """Return what is written as an address, in its order, whether a network makes a link of it."""
    return [found[0] for found in LINK.finditer(content)]


def markup(content: str) -> list[str]:
    """Return what looks like markup, which networks would show as it stands."""
    return [found[0] for found in MARKUP.finditer(content)]
