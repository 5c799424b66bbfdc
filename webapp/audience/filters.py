"""Conditions on people: kept as data, checked with sentences, turned into SQL and into words.

A condition is `{"field": ..., "op": ..., "value": ...}`, and a list of them must all hold. A
group is `{"any": [...]}` or `{"not": {...}}`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_

from webapp.audience.consent import may_be_messaged
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.errors import Invalid
from webapp.kernel.words import _

Condition = Mapping[str, Any]
DEEPEST = 4
MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A thing to filter by: its words, its operators, how a value is read, its SQL."""

    label: Callable[[], str]
    ops: tuple[str, ...]
    read: Callable[[Any], Any]
    sql: Callable[[str, Any], ColumnElement[bool]]


def _text(value: Any) -> str:
    text = str(value or "").strip()
    if not text:
        raise ValueError(_("Write a word to look for."))
    return text.removeprefix("@").lower()


def _whole(value: Any) -> int:
    try:
        return int(str(value).replace(",", ""))
    except ValueError as cause:
        raise ValueError(_("Write a whole number, such as 50.")) from cause


def _yes(value: Any) -> bool:
    return str(value).lower() in {"yes", "true", "1"}


def _day(value: Any) -> datetime:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as cause:
        raise ValueError(_("Write a day as 2026-11-24.")) from cause
    return datetime.combine(day, time(), tzinfo=UTC)


def _on_text(column: Any) -> Callable[[str, Any], ColumnElement[bool]]:
    def sql(op: str, value: str) -> ColumnElement[bool]:
        tests: dict[str, ColumnElement[bool]] = {
            "contains": column.contains(value, autoescape=True),
            "begins": column.startswith(value, autoescape=True),
            "is": column == value,
        }
        return tests[op]

    return sql


def _friends(op: str, value: int) -> ColumnElement[bool]:
    return Visitor.friends > value if op == "more" else Visitor.friends < value


def _verified(_op: str, value: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a field's value
    return Visitor.verified.is_(True) if value else Visitor.verified.is_not(True)


def _messaged(_op: str, value: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a field's value
    return may_be_messaged() if value else not_(may_be_messaged())


def _quarantine(_op: str, value: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a field's value
    held = Subscription.quarantined_at.is_not(None)
    return held if value else not_(held)


def _first_seen(op: str, value: datetime) -> ColumnElement[bool]:
    return Visitor.first_seen_at < value if op == "before" else Visitor.first_seen_at >= value


TEXT_OPS = ("contains", "begins", "is")
FIELDS: dict[str, Field] = {
    "username": Field(
        label=lambda: _("username"), ops=TEXT_OPS, read=_text, sql=_on_text(Visitor.handle_key)
    ),
    "full_name": Field(
        label=lambda: _("full name"), ops=TEXT_OPS, read=_text, sql=_on_text(Visitor.name_key)
    ),
    "friends": Field(label=lambda: _("friends"), ops=("more", "fewer"), read=_whole, sql=_friends),
    "verified": Field(label=lambda: _("verified"), ops=("is",), read=_yes, sql=_verified),
    "first_seen": Field(
        label=lambda: _("first seen"), ops=("before", "since"), read=_day, sql=_first_seen
    ),
    "may_be_messaged": Field(
        label=lambda: _("may be messaged"), ops=("is",), read=_yes, sql=_messaged
    ),
    "quarantine": Field(label=lambda: _("in quarantine"), ops=("is",), read=_yes, sql=_quarantine),
}


def op_words(op: str) -> str:
    """Return an operator as a person says it."""
    return {
        "contains": _("contains"),
        "begins": _("begins with"),
        "is": _("is"),
        "more": _("more than"),
        "fewer": _("fewer than"),
        "before": _("before"),
        "since": _("since"),
    }[op]


def where(conditions: Sequence[Condition]) -> list[ColumnElement[bool]]:
    """Return the SQL of conditions that must all hold; raise `Invalid` for a wrong one."""
    if len(conditions) > MOST:
        raise Invalid(_("A filter has at most %(n)s conditions.", n=MOST))
    return [_sql(item, DEEPEST) for item in conditions]


def _sql(condition: Condition, deep: int) -> ColumnElement[bool]:
    if deep == 0:
        raise Invalid(_("This filter is nested too deeply."))
    if "any" in condition:
        return or_(*(_sql(item, deep - 1) for item in condition["any"]))
    if "all" in condition:
        return and_(*(_sql(item, deep - 1) for item in condition["all"]))
    if "not" in condition:
        return not_(_sql(condition["not"], deep - 1))
    field, op, value = _read(condition)
    return field.sql(op, value)


def _read(condition: Condition) -> tuple[Field, str, Any]:
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


def in_words(conditions: Sequence[Condition]) -> list[str]:
    """Return each condition as a person says it."""
    return [_words(item) for item in conditions]


def _words(condition: Condition) -> str:
    if "any" in condition:
        return _(" or ").join(_words(item) for item in condition["any"])
    if "all" in condition:
        return _(" and ").join(_words(item) for item in condition["all"])
    if "not" in condition:
        return _("not %(what)s", what=_words(condition["not"]))
    field, op, value = _read(condition)
    if isinstance(value, bool):
        return field.label() if value else _("not %(what)s", what=field.label())
    shown = value.date().isoformat() if isinstance(value, datetime) else value
    return f"{field.label()} {op_words(op)} {shown}"
