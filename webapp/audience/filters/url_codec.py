r"""Conditions as the address of a page spells them, to be read and bookmarked.

`followers.more.50` is a plain condition, `!verified.is.yes` its opposite, and `|` stands between
the members of an *or* group. A `|` or `\` in a value has a `\` before it. What cannot be said
that way, such as a group in a group, is spelled as JSON.
"""

import json
import re
from typing import Any

from webapp.audience import filters
from webapp.audience.filters import Condition
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _

PART = re.compile(r"(?:[^\\|]|\\.)+", re.DOTALL)
LEAF = re.compile(r"(!?)([a-z_]+)\.([a-z]+)\.(.*)", re.DOTALL)
LONGEST = 2_000
# A field is kept by its name in the database, where pages and people say something else.
FRIENDS, FOLLOWERS = "friends", "followers"


def said(name: str) -> str:
    """Return a field as pages and the command line call it."""
    return FOLLOWERS if name == FRIENDS else name


def meant(name: str) -> str:
    """Return the field that a name stands for; how it was called before is still understood."""
    return FRIENDS if name == FOLLOWERS else name


def spell(condition: Condition) -> str:
    """Return one condition as an address spells it."""
    words = [_spell_leaf(member) for member in filters.members(condition)]
    if all(words):
        return "|".join(words)
    return json.dumps(condition, separators=(",", ":"), ensure_ascii=False)


def _spell_leaf(condition: Condition) -> str:
    """Return a plain condition or its opposite; empty for a group."""
    opposite = "not" in condition
    leaf = condition["not"] if opposite else condition
    if not {"field", "op", "value"} <= set(leaf):
        return ""
    value = str(leaf["value"]).replace("\\", "\\\\").replace("|", "\\|")
    return f"{'!' if opposite else ''}{said(leaf['field'])}.{leaf['op']}.{value}"


def read(text: str) -> Condition:
    """Return the condition that `text` spells; raise `Invalid` when it is none."""
    if len(text) > LONGEST:
        raise Invalid(_("This condition is too long."))
    condition = _json(text) if text.startswith("{") else _members(text)
    filters.where([condition])
    return condition


def _json(text: str) -> Condition:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise Invalid(_("This is not a condition.")) from cause
    if not isinstance(found, dict):
        raise Invalid(_("This is not a condition."))
    return found


def _members(text: str) -> Condition:
    pieces = PART.findall(text)
    if not pieces:
        raise Invalid(_("This is not a condition."))
    return filters.any_of([_leaf(piece) for piece in pieces])


def _leaf(text: str) -> Condition:
    match = LEAF.fullmatch(text)
    if match is None:
        raise Invalid(_("This is not a condition."))
    value = re.sub(r"\\(.)", r"\1", match[4], flags=re.DOTALL)
    leaf = {"field": meant(match[2]), "op": match[3], "value": value}
    return {"not": leaf} if match[1] else leaf
