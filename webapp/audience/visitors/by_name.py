"""Who is called so: by how the words of a name or username begin, in a range of an index."""

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from webapp.audience.filters.fields import begins
from webapp.audience.models import Visitor, VisitorWord
from webapp.audience.names import wanted_words
from webapp.kernel.folding import fold
from webapp.kernel.runtime import Runtime


def named_from_few(runtime: Runtime, words: str, most: int) -> list[ColumnElement[bool]]:
    """Return the tests of `named`, from a word that only so many people have if there is one."""
    wanted = wanted_words(words)
    for word in wanted if len(wanted) > 1 else ():
        theirs = select(VisitorWord.visitor_id).where(begins(VisitorWord.word, word))
        if runtime.session.scalar(theirs.offset(most).limit(1)) is None:
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
