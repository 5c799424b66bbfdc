"""Which visitors a query matches, and how many, without ever reading a million rows to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select

from webapp.audience.filters.fields import begins
from webapp.audience.models import Subscription, Visitor, VisitorWord
from webapp.audience.names import wanted_words
from webapp.kernel.folding import fold
from webapp.kernel.runtime import Runtime

MOST = 5_000
"""Up to this many matches are counted and sorted; of more, only that there are more is told.

Of a million people the first page of more than these is met along an index as quickly as these are
sorted.
"""

# So many words of one person begin alike, but for rare ones.
ALIKE = 4
# And so many of those who have a word are left out for another reason: our own accounts.
SPARE = 50

NAMES = ("handle_key", "name_key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many match; `more` when there are more than that."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexBranch:
    """Some of the matches: the tests they pass, and whether the index of the order holds them."""

    walked: bool
    tests: Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The tests a visitor must pass: on their own, and on one of their subscriptions.

    `words` are what words of a name or username begin with, `service_ids` the services whose
    subscriptions count; `tied` says whether any is asked for, and `rare` whether an index holds
    just the subscriptions asked for.
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

    def _tests_of_each(self) -> list[ColumnElement[bool]]:
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
            return [IndexBranch(walked=True, tests=self._tests_of_each())]
        mine = begins(key, wanted[0])
        return [
            IndexBranch(walked=True, tests=[mine, *self._tests_of_each()]),
            IndexBranch(walked=False, tests=[not_(mine), *self.tests()]),
        ]

    def _others(self) -> list[ColumnElement[bool]]:
        if not self.tied:
            return list(self.own)
        mine = Subscription.visitor_id == Visitor.id
        return [*self.own, exists().where(mine, *self._subscribed())]

    def _subscribed(self) -> list[ColumnElement[bool]]:
        return [Subscription.service_id.in_(self.service_ids), *self.on_subscription]

    def found(self, runtime: Runtime, key: Any, most: int | None = None) -> Select[Any]:
        """Select id and `key` of matches: all of them, or `most` and one more.

        The side that is known to be small leads: SQLite cannot tell which one it is.
        """
        enough = (MOST if most is None else most) + 1
        visitors: Select[Any] = select(Visitor.id.label("id"), key.label("key"))
        if not self._subscriptions_lead(runtime):
            tests = [*_named_from_few(runtime, self.words), *self._others()]
            return visitors.where(*tests).limit(enough)
        # Nobody has two of them on one service, so that these hold enough people or all.
        ties = (
            visitors.with_hint(Visitor, "NOT INDEXED", "sqlite")
            .select_from(Subscription)
            .join(Visitor, Visitor.id == Subscription.visitor_id)
            .where(*self._subscribed(), *self._alone(runtime))
            .limit(enough * max(1, len(self.service_ids)))
            .subquery()
        )
        return select(ties.c.id, ties.c.key).distinct().limit(enough)

    def _alone(self, runtime: Runtime) -> list[ColumnElement[bool]]:
        return [*_named_from_few(runtime, self.words), *self.own]

    def _subscriptions_lead(self, runtime: Runtime) -> bool:
        if not self.tied or not (self.words or self.own):
            return self.tied
        return self.rare and not self._few(runtime)

    def _few(self, runtime: Runtime) -> bool:
        """Tell whether few pass the tests on visitors alone."""
        beyond = select(Visitor.id).where(*self._alone(runtime)).offset(MOST).limit(1)
        return runtime.session.scalar(beyond) is None

    def count(self, runtime: Runtime, most: int | None = None) -> Count:
        """Count the matches as far as it is quick."""
        most = MOST if most is None else most
        if self._surely_more(runtime, most):
            return Count(number=most, more=True)
        found = self.found(runtime, Visitor.id, most).subquery()
        number = runtime.session.scalar(select(func.count()).select_from(found)) or 0
        return Count(number=min(number, most), more=number > most)

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
            .where(*each_named(Visitor.id, " ".join(others)), *self.own)
            .limit(most + 1)
            .subquery()
        )
        return (runtime.session.scalar(select(func.count()).select_from(people)) or 0) > most


def _named_from_few(runtime: Runtime, words: str) -> list[ColumnElement[bool]]:
    """Return the tests of `named`, from a word that few people have where there is one."""
    wanted = wanted_words(words)
    for word in wanted if len(wanted) > 1 else ():
        theirs = select(VisitorWord.visitor_id).where(begins(VisitorWord.word, word))
        if runtime.session.scalar(theirs.offset(MOST).limit(1)) is None:
            return [Visitor.id.in_(theirs), *each_named(Visitor.id, words)]
    return named(words)


def few_named(runtime: Runtime, words: str, most: int) -> list[int] | None:
    """Return who has all these words, by id; nothing where one word alone does not tell so few.

    Of several words the first that few people have leads.
    """
    for word in wanted_words(words):
        mine = select(VisitorWord.visitor_id).where(begins(VisitorWord.word, word)).limit(most + 1)
        ids = set(runtime.session.scalars(mine))
        if len(ids) <= most and runtime.session.scalar(mine.offset(most)) is None:
            rest = select(Visitor.id).where(Visitor.id.in_(ids), *each_named(Visitor.id, words))
            return list(runtime.session.scalars(rest))
    return None


def each_named(visitor_id: Any, words: str) -> list[ColumnElement[bool]]:
    """Return the tests of `named` as they are asked of one person after the other.

    For whoever reads people in some order until there are enough: nothing is gathered before.
    """
    wanted = wanted_words(words)
    if not wanted:
        # A name of signs alone is looked for where it begins.
        return [visitor_id.in_(select(Visitor.id).where(*named(words)))] if fold(words) else []
    return [
        exists().where(VisitorWord.visitor_id == visitor_id, begins(VisitorWord.word, word))
        for word in wanted
    ]


def named(words: str) -> list[ColumnElement[bool]]:
    """Return the tests that each word begins a word of a name or username; none without words.

    Signs that are no word, such as a heart, are looked for where a name begins.
    """
    wanted, signs = wanted_words(words), fold(words)
    if signs and not wanted:
        return [or_(begins(Visitor.handle_key, signs), begins(Visitor.name_key, signs))]
    return [
        Visitor.id.in_(select(VisitorWord.visitor_id).where(begins(VisitorWord.word, word)))
        for word in wanted
    ]
