"""Which visitors a query matches, and how many, without ever reading a million rows to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from webapp.audience.fields import begins
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.kernel.values import clean

MOST = 10_000
"""Up to this many matches are counted and sorted; of more, only that there are more is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many match; `more` when there are more than that."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The tests a visitor must pass: on their own, and on one of their subscriptions.

    `service_ids` are the services whose subscriptions count; `tied` says whether any is asked for,
    and `rare` whether an index holds just the subscriptions asked for.
    """

    own: Sequence[ColumnElement[bool]]
    on_subscription: Sequence[ColumnElement[bool]]
    service_ids: Sequence[int]
    tied: bool
    rare: bool

    def tests(self) -> list[ColumnElement[bool]]:
        """Return the whole as conditions on one visitor, for whoever reads visitors in order."""
        if not self.tied:
            return list(self.own)
        mine = Subscription.visitor_id == Visitor.id
        return [*self.own, exists().where(mine, *self._subscribed())]

    def _subscribed(self) -> list[ColumnElement[bool]]:
        return [Subscription.service_id.in_(self.service_ids), *self.on_subscription]

    def found(self, runtime: Runtime, key: Any) -> Select[Any]:
        """Select id and `key` of matches: all of them, or `MOST` and one more.

        The side that is known to be small leads: SQLite cannot tell which one it is.
        """
        visitors: Select[Any] = select(Visitor.id.label("id"), key.label("key"))
        if not self._subscriptions_lead(runtime):
            return visitors.where(*self.tests()).limit(MOST + 1)
        people = visitors.with_hint(Visitor, "NOT INDEXED", "sqlite").select_from(Subscription)
        joined = people.join(Visitor, Visitor.id == Subscription.visitor_id)
        return joined.where(*self._subscribed(), *self.own).distinct().limit(MOST + 1)

    def _subscriptions_lead(self, runtime: Runtime) -> bool:
        if not self.tied or not self.own:
            return self.tied
        return self.rare and not self._few(runtime)

    def _few(self, runtime: Runtime) -> bool:
        """Tell whether few pass the tests on visitors alone."""
        beyond = select(Visitor.id).where(*self.own).offset(MOST).limit(1)
        return runtime.session.scalar(beyond) is None

    def count(self, runtime: Runtime) -> Count:
        """Count the matches as far as it is quick."""
        found = self.found(runtime, Visitor.id).subquery()
        number = runtime.session.scalar(select(func.count()).select_from(found)) or 0
        return Count(number=min(number, MOST), more=number > MOST)


def named(words: str) -> list[ColumnElement[bool]]:
    """Return the test that a name or username begins with some words; none without words."""
    wanted = clean(words).strip().removeprefix("@").lower()
    if not wanted:
        return []
    return [or_(begins(Visitor.handle_key, wanted), begins(Visitor.name_key, wanted))]
