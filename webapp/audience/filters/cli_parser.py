"""Conditions as they are typed at the command line, with the nearest field for a mistyped one."""

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from webapp.audience.filters import Condition, pinned, url_codec
from webapp.audience.filters.fields import FIELDS
from webapp.kernel.errors import Invalid
from webapp.kernel.text.suggestions import near

HELP = (
    "A condition such as followers.more.500, !verified.is.yes, or full_name.contains.Anna|"
    "username.begins.anna; several must all hold."
)
FIELD = re.compile(r"!?([\w-]+)\.")


def conditions(typed: Sequence[str], zone: ZoneInfo) -> list[Condition]:
    """Return what was typed as conditions; raise `Invalid` with a sentence for a wrong one.

    A day is one of `zone`, unless another is written behind it.
    """
    return pinned([_read(item) for item in typed], zone)


def _read(typed: str) -> Condition:
    try:
        return url_codec.read(typed)
    except Invalid as fault:
        raise Invalid(f"--where {typed}: {fault.message} {_hint(typed)}".rstrip()) from fault


def _hint(typed: str) -> str:
    """Return what helps: the nearest field, its operators, or an example."""
    known = {url_codec.said(name): field for name, field in FIELDS.items()}
    for typed_name in FIELD.findall(typed):
        name = url_codec.said(typed_name)
        if name not in known:
            return near(name, known) or f"Fields: {', '.join(known)}."
        return f"After {name} comes {' or '.join(known[name].ops)}."
    return "Write it as followers.more.500."
