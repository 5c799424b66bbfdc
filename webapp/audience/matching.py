"""Which visitors a query matches, and how many, without ever reading a million rows to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select

from webapp.audience.fields import begins
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.kernel.values import clean

MOST = 10_000
"""Up to this many matches are counted and sorted; of more, only that there are more is told."""

NAMES: dict[str, Any] = {"handle_key": Visitor.handle_key, "name_key": Visitor.name_key}


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many match; `more` when there are more than that."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Some of the matches: the tests they pass, and the column whose index holds them."""

    index: Any
    tests: Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The tests a visitor must pass: on their own, and on one of their subscriptions.

    `words` are what a name or username begins with, `service_ids` the services whose subscriptions
    count; `tied` says whether any is asked for, and `rare` whether an index holds just the
    subscriptions asked for.
    """

    own: Sequence[ColumnElement[bool]]
    on_subscription: Sequence[ColumnElement[bool]]
    service_ids: Sequence[int]
    tied: bool
    rare: bool
    words: str = ""

    def tests(self) -> list[ColumnElement[bool]]:
        """Return the whole as conditions on one visitor, for whoever reads visitors in order."""
        return [*named(self.words), *self._others()]

    def arms(self, key: Any) -> list[Arm]:
        """Return the whole in arms that have nobody in common, for whoever reads by `key`.

        An *or* of two columns is no range of any index, so an order by one of them would walk
        past everybody. Who has the words in the other one are gathered and sorted: their number
        bounds the work, which a walk past people whose names are like their usernames has not.
        """
        wanted = _wanted(self.words)
        if not wanted or key.key not in NAMES:
            return [Arm(index=key, tests=self.tests())]
        other = next(column for name, column in NAMES.items() if name != key.key)
        mine = begins(key, wanted)
        return [
            Arm(index=key, tests=[mine, *self._others()]),
            Arm(index=other, tests=[begins(other, wanted), not_(mine), *self._others()]),
        ]

    def _others(self) -> list[ColumnElement[bool]]:
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
        return joined.where(*self._subscribed(), *self._alone()).distinct().limit(MOST + 1)

    def _alone(self) -> list[ColumnElement[bool]]:
        return [*named(self.words), *self.own]

    def _subscriptions_lead(self, runtime: Runtime) -> bool:
        if not self.tied or not self._alone():
            return self.tied
        return self.rare and not self._few(runtime)

    def _few(self, runtime: Runtime) -> bool:
        """Tell whether few pass the tests on visitors alone."""
        beyond = select(Visitor.id).where(*self._alone()).offset(MOST).limit(1)
        return runtime.session.scalar(beyond) is None

    def count(self, runtime: Runtime) -> Count:
        """Count the matches as far as it is quick."""
        found = self.found(runtime, Visitor.id).subquery()
        number = runtime.session.scalar(select(func.count()).select_from(found)) or 0
        return Count(number=min(number, MOST), more=number > MOST)


def named(words: str) -> list[ColumnElement[bool]]:
    """Return the test that a name or username begins with some words; none without words."""
    wanted = _wanted(words)
    return [or_(*(begins(column, wanted) for column in NAMES.values()))] if wanted else []


def _wanted(words: str) -> str:
    return clean(words).strip().removeprefix("@").lower()
