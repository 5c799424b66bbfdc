"""Which visitors a query matches, and how many, without ever reading a million rows to say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BooleanClauseList,
    ColumnElement,
    Select,
    exists,
    func,
    literal,
    not_,
    select,
)
from sqlalchemy.sql import operators
from sqlalchemy.sql.util import find_tables

from webapp.audience.filters.fields import begins
from webapp.audience.models import Subscription, Visitor, VisitorWord
from webapp.audience.names import wanted_words
from webapp.audience.visitors.by_name import each_named, named, named_from_few
from webapp.kernel.runtime import Runtime

MOST = 5_000
"""Up to this many matches are counted and sorted; of more, only that there are more is told.

Of a million people the first page of more than these is met along an index as quickly as these are
sorted.
"""

# Fewer than these are met sooner than the subscriptions of an index.
FEW = 1_000
# So many are named by their ids in the statement that puts them in order.
HANDFUL = 500
# So many words of one person begin alike, but for rare ones.
ALIKE = 4
# And so many of those who have a word are left out for another reason: our own accounts. As many
# more subscriptions are read at first than people are needed.
SPARE = 50

NAMES = ("handle_key", "name_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many match; `more` when there are more than that.

    `ids` are those of few, so that nobody looks for them again.
    """

    number: int
    more: bool
    ids: Sequence[int] | None = field(default=None, compare=False)

    @property
    def is_large(self) -> bool:
        """Whether these are too many to be gathered and sorted."""
        return self.more or self.number > MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBranch:
    """Some of the matches: the tests they pass, and whether the index of the order holds them."""

    walked: bool
    tests: Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The tests a visitor must pass: on their own, and on one of their subscriptions.

    `words` are what words of a name or username begin with, `service_ids` the services whose
    subscriptions count, `left_out` the visitors who are accounts of the house; `tied` says whether
    any subscription is asked for, and `rare` whether an index holds just those asked for.
    """

    own: Sequence[ColumnElement[bool]]
    on_subscription: Sequence[ColumnElement[bool]]
    service_ids: Sequence[int]
    tied: bool
    rare: bool
    words: str = ""
    left_out: Sequence[int] = ()

    def tests(self) -> list[ColumnElement[bool]]:
        """Return the whole as conditions on one visitor, for whoever reads visitors in order."""
        return [*named(self.words), *self._others()]

    def tests_of_each(self) -> list[ColumnElement[bool]]:
        """Return the same as `tests` for whoever asks people one after the other."""
        one_by_one = wanted_words(self.words)
        mine = each_named(Visitor.id, self.words) if one_by_one else named(self.words)
        return [*mine, *self._others()]

    def arms(self, key: Any) -> list[IndexBranch]:
        """Return the whole in arms that have nobody in common, for whoever reads by `key`.

        Who has a word somewhere else than at the beginning of the key is in no range of its index,
        so an order by it would walk past everybody. These are gathered by their words and sorted:
        their number bounds the work.
        """
        wanted = wanted_words(self.words)
        if not wanted or key.key not in NAMES:
            return [IndexBranch(walked=True, tests=self.tests_of_each())]
        mine = begins(key, wanted[0])
        return [
            IndexBranch(walked=True, tests=[mine, *self.tests_of_each()]),
            IndexBranch(walked=False, tests=[not_(mine), *self.tests()]),
        ]

    def _others(self) -> list[ColumnElement[bool]]:
        alone = [*self.own, *self._not_ours(Visitor.id)]
        if not self.tied:
            return alone
        mine = Subscription.visitor_id == Visitor.id
        return [*alone, exists().where(mine, *self._subscribed())]

    def _not_ours(self, visitor_id: Any) -> list[ColumnElement[bool]]:
        return [visitor_id.not_in(self.left_out)] if self.left_out else []

    def _subscribed(self) -> list[ColumnElement[bool]]:
        return [Subscription.service_id.in_(self.service_ids), *self.on_subscription]

    def found(self, runtime: Runtime, key: Any, most: int | None = None) -> Select[Any]:
        """Select id and `key` of matches: all of them, or `most` and one more.

        The side that is known to be small leads: SQLite cannot tell which one it is.
        """
        enough = (MOST if most is None else most) + 1
        visitors: Select[Any] = select(Visitor.id.label("id"), key.label("key"))
        if self._subscriptions_lead(runtime):
            return visitors.where(Visitor.id.in_(self._people(enough)))
        return visitors.where(*self._alone(runtime)).limit(enough)

    def _alone(self, runtime: Runtime) -> list[ColumnElement[bool]]:
        return [*named_from_few(runtime, self.words, MOST), *self._others()]

    def _people(self, enough: int, ties: int | None = None) -> Select[Any]:
        """Select so many people of the subscriptions asked for, or all that are in so many ties."""
        # Nobody has two of them on one service, so that these hold enough people or all.
        ties = enough * max(1, len(self.service_ids)) if ties is None else ties
        some = self._tied().limit(ties).subquery()
        return select(some.c.visitor_id).distinct().limit(enough)

    def _tied(self) -> Select[Any]:
        """Select the people of the subscriptions asked for, as often as they have one.

        Each person is looked up by the id, and only where a test asks for that. A join would let
        PostgreSQL read every visitor; the offset keeps it from making one of this.
        """
        here, there = _split([*self._subscribed(), *self.own])
        ids = select(Subscription.visitor_id).where(
            *here,
            *each_named(Subscription.visitor_id, self.words),
            *self._not_ours(Subscription.visitor_id),
        )
        if not there:
            return ids
        person = select(literal(1)).where(Visitor.id == Subscription.visitor_id, *there)
        return ids.where(person.correlate(Subscription).offset(0).exists())

    def _subscriptions_lead(self, runtime: Runtime) -> bool:
        if not self.tied or not (self.words or self.own):
            return self.tied
        return self.rare and not self._few(runtime)

    def _few(self, runtime: Runtime) -> bool:
        """Tell whether few pass the tests on visitors alone."""
        tests = [*named_from_few(runtime, self.words, MOST), *self.own]
        beyond = select(Visitor.id).where(*tests).offset(FEW).limit(1)
        return runtime.session.scalar(beyond) is None

    def number(self, runtime: Runtime) -> int:
        """Count every match, however long it takes."""
        if self.tied and not self.words:
            ids = self._tied().subquery()
            wanted = select(func.count(ids.c.visitor_id.distinct()))
        else:
            wanted = select(func.count()).select_from(Visitor).where(*self.tests())
        return runtime.session.scalar(wanted) or 0

    def count(self, runtime: Runtime, most: int | None = None) -> Count:
        """Count the matches as far as it is quick."""
        most = MOST if most is None else most
        if self._surely_more(runtime, most):
            return Count(number=most, more=True)
        lead = self._subscriptions_lead(runtime)
        handful = min(HANDFUL, most)
        ids = runtime.session.scalars(self._ids(runtime, handful + 1, lead=lead)).all()
        if len(ids) <= handful:
            return Count(number=len(ids), more=False, ids=ids)
        number = self._number_up_to(runtime, most + 1, lead=lead)
        return Count(number=min(number, most), more=number > most)

    def _ids(self, runtime: Runtime, enough: int, *, lead: bool) -> Select[Any]:
        """Select so many matches, or all."""
        if lead:
            return self._people(enough)
        return select(Visitor.id).where(*self._alone(runtime)).limit(enough)

    def _number_up_to(self, runtime: Runtime, enough: int, *, lead: bool) -> int:
        def number(ids: Select[Any]) -> int:
            found = select(func.count()).select_from(ids.subquery())
            return runtime.session.scalar(found) or 0

        # Hardly anybody has several subscriptions, so that few more of them mostly tell enough.
        if lead and len(self.service_ids) > 1:
            first = number(self._people(enough, enough + SPARE))
            if first == enough:
                return first
        return number(self._ids(runtime, enough, lead=lead))

    def _surely_more(self, runtime: Runtime, most: int) -> bool:
        """Tell whether the first people who have a word are more than so many already."""
        wanted = sorted(wanted_words(self.words), key=len)
        if not wanted or self.tied:
            return False
        *others, word = wanted
        theirs = select(VisitorWord.visitor_id.label("id")).where(begins(VisitorWord.word, word))
        first = theirs.limit(ALIKE * (most + 1)).subquery()
        # A single word is enough for nearly everybody who has it; of several few people have all.
        enough = None if others else most + 1 + SPARE
        some = select(first.c.id).distinct().limit(enough).subquery()
        people = (
            select(some.c.id)
            .join(Visitor, Visitor.id == some.c.id)
            .where(*each_named(Visitor.id, " ".join(others)), *self._others())
            .limit(most + 1)
            .subquery()
        )
        return (runtime.session.scalar(select(func.count()).select_from(people)) or 0) > most


def _split(
    tests: Sequence[ColumnElement[bool]],
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Return the tests that need no visitor, and the others; what must hold together is parted."""
    each = [part for test in tests for part in _conjuncts(test)]
    about = [Visitor.__table__ in find_tables(part, check_columns=True) for part in each]
    pairs = list(zip(each, about, strict=True))
    return [part for part, is_about in pairs if not is_about], [
        part for part, is_about in pairs if is_about
    ]


def _conjuncts(test: ColumnElement[bool]) -> Iterator[ColumnElement[bool]]:
    if isinstance(test, BooleanClauseList) and test.operator is operators.and_:
        for part in test.clauses:
            yield from _conjuncts(part)
    else:
        yield test
