"""Conditions on people: kept as data, checked with sentences, turned into SQL and into words.

A condition is `{"field": ..., "op": ..., "value": ...}`, and a list of them must all hold. A
group is `{"any": [...]}`, `{"all": [...]}` or `{"not": {...}}`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, not_, or_

from webapp.audience.filters.fields import FIELDS, Field, FieldType, not_words, op_words
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.formats import number as written
from webapp.kernel.text.formats import zone

Condition = Mapping[str, Any]
DEEPEST = 4
MOST = 20


def where(conditions: Sequence[Condition]) -> list[ColumnElement[bool]]:
    """Return the SQL of conditions that must all hold; raise `Invalid` for a wrong one."""
    if sum(1 for _leaf in leaves(conditions)) > MOST:
        raise Invalid(_("A filter has at most %(n)s conditions.", n=MOST))
    return [_sql(item, DEEPEST) for item in conditions]


def leaves(conditions: Sequence[Condition]) -> Iterator[Condition]:
    """Yield each plain condition, out of its groups; raise `Invalid` for what is none."""
    for item in conditions:
        yield from _leaves(item, DEEPEST)


def _leaves(condition: Condition, deep: int) -> Iterator[Condition]:
    groups = _parts(condition, deep)
    if groups is None:
        yield condition
        return
    for item in groups:
        yield from _leaves(item, deep - 1)


def _parts(condition: Condition, deep: int) -> Sequence[Condition] | None:
    """Return what a group holds; nothing for a plain condition."""
    if not isinstance(condition, Mapping):
        raise Invalid(_("This is not a condition."))
    if deep == 0:
        raise Invalid(_("This filter is nested too deeply."))
    if "not" in condition:
        return [condition["not"]]
    for name in ("any", "all"):
        if name in condition:
            return _several(condition[name])
    return None


def _several(value: Any) -> Sequence[Condition]:
    if not isinstance(value, list | tuple) or not value:
        raise Invalid(_("A group needs at least one condition."))
    return value


def _sql(condition: Condition, deep: int) -> ColumnElement[bool]:
    parts = _parts(condition, deep)
    if parts is None:
        field, op, value = read(condition)
        return field.sql(op, value)
    inner = [_sql(item, deep - 1) for item in parts]
    if "not" in condition:
        return not_(inner[0])
    return or_(*inner) if "any" in condition else and_(*inner)


def read(condition: Condition) -> tuple[Field, str, Any]:
    """Return field, operator and typed value; raise `Invalid` with a sentence for each fault."""
    field = FIELDS.get(str(condition.get("field")))
    if field is None:
        raise Invalid(_("There is no such field to filter by."), {"field": _("Choose one.")})
    op = str(condition.get("op") or field.ops[0])
    if op not in field.ops:
        raise Invalid(_("This field cannot be compared like that."), {"op": _("Choose one.")})
    try:
        return field, op, field.read(condition.get("value"))
    except ValueError as fault:
        raise Invalid(str(fault), {"value": str(fault)}) from fault


def about_subscription(condition: Condition) -> bool:
    """Tell whether a condition asks anything that differs from service to service."""
    return any(read(leaf)[0].about_subscription for leaf in leaves([condition]))


def is_rare(condition: Condition) -> bool:
    """Tell whether a condition asks for what few people have and an index finds."""
    if _parts(condition, DEEPEST) is not None:
        return False
    field, _op, value = read(condition)
    return field.rare and value is True


def in_words(conditions: Sequence[Condition]) -> list[tuple[str, str]]:
    """Return each condition as a person says it: what it is about, and the rest."""
    return [parts_in_words(item) for item in conditions]


def _words(condition: Condition, deep: int) -> str:
    parts = _parts(condition, deep)
    if parts is None:
        return " ".join(part for part in label_and_rest(condition) if part)
    if "not" in condition:
        return _not_words(parts[0], deep - 1)
    joiner = _(" or ") if "any" in condition else _(" and ")
    return joiner.join(_words(item, deep - 1) for item in parts)


def _not_words(condition: Condition, deep: int) -> str:
    if _parts(condition, deep) is None:
        return " ".join(part for part in label_and_rest(condition, negated=True) if part)
    return _("not (%(what)s)", what=_words(condition, deep))


def parts_in_words(condition: Condition) -> tuple[str, str]:
    """Return the words of a condition in two parts; those of a group are all in the second."""
    negated = "not" in condition
    inner = condition["not"] if negated else condition
    if _parts(inner, DEEPEST) is None:
        return label_and_rest(inner, negated=negated)
    return "", _words(condition, DEEPEST)


def label_and_rest(condition: Condition, *, negated: bool = False) -> tuple[str, str]:
    """Return the words of a plain condition in two parts: *followers*, *more than 50*."""
    field, op, value = read(condition)
    if field.shape is FieldType.YES:
        said = field.label()
        return "", said if bool(value) is not negated else _("not %(what)s", what=said)
    shown = _day_words(value) if isinstance(value, datetime) else value
    shown = written(shown) if isinstance(shown, int) else shown
    said = not_words(op) if negated else op_words(op)
    return field.label(), f"{said} {shown}"


def _day_words(value: datetime) -> str:
    """Return the day, with its zone where that is not the reader's."""
    foreign = isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key != zone().key
    day = value.date().isoformat()
    return _("%(day)s in %(zone)s", day=day, zone=value.tzinfo) if foreign else day


def pinned(conditions: Sequence[Condition], place: ZoneInfo) -> list[Condition]:
    """Return the conditions with a zone written behind each day that has none."""
    return [_pinned(item, place) for item in conditions]


def _pinned(condition: Condition, place: ZoneInfo) -> Condition:
    if "not" in condition:
        return {"not": _pinned(condition["not"], place)}
    for name in ("any", "all"):
        if name in condition:
            return {name: pinned(condition[name], place)}
    field, value = FIELDS.get(str(condition.get("field"))), str(condition.get("value")).strip()
    if field is None or field.shape is not FieldType.DAY or " " in value:
        return condition
    return {**condition, "value": f"{value} {place.key}"}


def members(condition: Condition) -> Sequence[Condition]:
    """Return the members of an *or* group; any other condition is its own only one."""
    found: Sequence[Condition] = condition.get("any", [condition])
    return found


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return the *or* group of some conditions; one alone needs no group."""
    return conditions[0] if len(conditions) == 1 else {"any": list(conditions)}


def joined(conditions: Sequence[Condition], new: Condition, joiner: str) -> list[Condition]:
    """Return the conditions with one more: `or` widens the last of them, `and` narrows all."""
    if joiner == "or" and conditions:
        return [*conditions[:-1], any_of([*members(conditions[-1]), new])]
    return [*conditions, new]


def without(conditions: Sequence[Condition], place: int, member: int) -> list[Condition]:
    """Return the conditions less one member of the one at `place`; unchanged when it is gone."""
    left: list[Condition] = []
    for number, condition in enumerate(conditions):
        kept = [
            item
            for index, item in enumerate(members(condition))
            if (number, index) != (place, member)
        ]
        left += [any_of(kept)] if kept else []
    return left
