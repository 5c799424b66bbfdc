"""What people can be filtered by: each field with its words, its operators and its SQL.

Every test of a field is either true or false, never NULL, so that *not* means everybody else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, not_

from webapp.audience import consent
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _
from webapp.kernel.text import naming
from webapp.kernel.text.cleaning import LARGEST, clean
from webapp.kernel.text.naming import bare
from webapp.kernel.time.days import named

LONGEST = 255
Sql = Callable[[str, Any], ColumnElement[bool]]


class FieldType(StrEnum):
    """What a value looks like: it decides the operators and the input of a form."""

    TEXT = "text"
    NUMBER = "number"
    YES = "yes"
    DAY = "day"


OPS: dict[FieldType, tuple[str, ...]] = {
    FieldType.TEXT: ("contains", "begins", "is"),
    FieldType.NUMBER: ("more", "fewer"),
    FieldType.YES: ("is",),
    FieldType.DAY: ("since", "before"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A thing to filter by; `about_subscription` fields differ from service to service.

    Few people have a `rare` one, and an index of the subscriptions holds just these.
    """

    label: Callable[[], str]
    shape: FieldType
    sql: Sql
    about_subscription: bool = False
    rare: bool = False

    @property
    def ops(self) -> tuple[str, ...]:
        """The operators that this field knows."""
        return OPS[self.shape]

    def read(self, value: Any) -> Any:
        """Return the value in its own type; raise `ValueError` with a sentence."""
        return _READERS[self.shape](value)


def _text(value: Any) -> str:
    text = clean(str(value or "")).strip()
    if not text:
        raise ValueError(_("Write a word to look for."))
    return fold(bare(text))[:LONGEST]


def _whole(value: Any) -> int:
    try:
        number = int(str(value).replace(",", "").replace(" ", ""))
    except ValueError as cause:
        raise ValueError(_("Write a whole number, such as 50.")) from cause
    if not 0 <= number <= LARGEST:
        raise ValueError(_("Write a number from 0 to 2,147,483,647."))
    return number


def _yes(value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in {"yes", "true", "1", "no", "false", "0"}:
        raise ValueError(_("Choose yes or no."))
    return word in {"yes", "true", "1"}


def _day(value: Any) -> datetime:
    """Return when a day begins in the zone written behind it; that of UTC without one.

    A condition that is kept names its zone, so that whoever reads it means the same people.
    """
    text, _blank, zone = str(value).strip().partition(" ")
    place = named(zone.strip() or "UTC")
    if place is None:
        raise ValueError(_("There is no such time zone. An example is Europe/Paris."))
    try:
        day = date.fromisoformat(text)
    except ValueError as cause:
        raise ValueError(_("Write a day as 2026-11-24.")) from cause
    # At the ends of the calendar no zone can be reckoned with.
    if day.year in (MINYEAR, MAXYEAR):
        raise ValueError(_("Write a day as 2026-11-24."))
    return datetime.combine(day, time(), tzinfo=place)


_READERS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _whole,
    FieldType.YES: _yes,
    FieldType.DAY: _day,
}


def on_text(column: Any) -> Sql:
    """Return what compares a folded text."""

    def sql(op: str, value: str) -> ColumnElement[bool]:
        if op == "contains":
            return column.contains(value, autoescape=True)  # type: ignore[no-any-return]  # a column
        return begins(column, value) if op == "begins" else column == value

    return sql


def begins(column: Any, start: str) -> ColumnElement[bool]:
    """Match how a key begins, by a range: unlike LIKE, every database answers it by its index."""
    found: ColumnElement[bool] = column.between(start, start + "\U0010ffff")
    return found


def _on_number(column: Any) -> Sql:
    def sql(op: str, value: int) -> ColumnElement[bool]:
        return and_(column.is_not(None), column > value if op == "more" else column < value)

    return sql


def _on_day(column: Any) -> Sql:
    def sql(op: str, value: datetime) -> ColumnElement[bool]:
        return and_(column.is_not(None), column < value if op == "before" else column >= value)

    return sql


def _on_test(test: Callable[[], ColumnElement[bool]]) -> Sql:
    def sql(_op: str, wanted: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a field's value
        return test() if wanted else not_(test())

    return sql


def _known(column: Any) -> Callable[[], ColumnElement[bool]]:
    return lambda: and_(column.is_not(None), column.is_(True))


def _happened(column: Any) -> Callable[[], ColumnElement[bool]]:
    def test() -> ColumnElement[bool]:
        found: ColumnElement[bool] = column.is_not(None)
        return found

    return test


def _of(shape: FieldType, label: Callable[[], str], sql: Sql) -> Field:
    return Field(label=label, shape=shape, sql=sql)


def _moment(label: Callable[[], str], column: Any) -> Field:
    return replace(_of(FieldType.DAY, label, _on_day(column)), about_subscription=True)


def _event(label: Callable[[], str], test: Callable[[], ColumnElement[bool]]) -> Field:
    return replace(_of(FieldType.YES, label, _on_test(test)), about_subscription=True)


def _rare(label: Callable[[], str], test: Callable[[], ColumnElement[bool]]) -> Field:
    return replace(_event(label, test), rare=True)


FIELDS: dict[str, Field] = {
    "username": _of(FieldType.TEXT, lambda: _("username"), on_text(Visitor.handle_key)),
    "full_name": _of(FieldType.TEXT, lambda: _("full name"), on_text(Visitor.name_key)),
    "friends": _of(FieldType.NUMBER, naming.everybody, _on_number(Visitor.follower_count)),
    "verified": _of(FieldType.YES, lambda: _("verified"), _on_test(_known(Visitor.verified))),
    "protected": _of(FieldType.YES, lambda: _("protected"), _on_test(_known(Visitor.protected))),
    "first_seen": _of(FieldType.DAY, lambda: _("first seen"), _on_day(Visitor.first_seen_at)),
    "may_be_messaged": _rare(lambda: _("may be messaged"), consent.may_be_messaged),
    "follows": _event(lambda: _("follows"), consent.follows),
    "follows_since": _moment(lambda: _("first seen following"), Subscription.followed_at),
    "stopped_following": _rare(lambda: _("stopped following"), _happened(Subscription.ended_at)),
    "wrote_first": _rare(lambda: _("wrote first"), _happened(Subscription.wrote_first_at)),
    "opted_in": _rare(lambda: _("opted in"), _happened(Subscription.opted_in_at)),
    "wrote_stop": _rare(lambda: _("opted out"), consent.stopped),
    "in_doubt": _rare(lambda: _("in doubt whether they refuse"), consent.in_doubt),
    "last_message": _moment(lambda: _("last message"), Subscription.last_message_at),
    "quarantine": _rare(lambda: _("in quarantine"), consent.quarantined),
}


def add(name: str, field: Field) -> None:
    """Let conditions ask for something that a higher domain knows of people.

    A domain calls it when the application starts. Each test is true or false, never NULL.
    """
    FIELDS.setdefault(name, field)


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


def not_words(op: str) -> str:
    """Return the opposite of an operator as a person says it."""
    return {
        "contains": _("does not contain"),
        "begins": _("does not begin with"),
        "is": _("is not"),
        "more": _("not more than"),
        "fewer": _("not fewer than"),
        "before": _("not before"),
        "since": _("not since"),
    }[op]
