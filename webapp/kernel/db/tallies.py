"""Counters that many transactions add to: written as the last thing before a commit, in one order.

Whoever holds such a row keeps everybody else waiting until the commit. Whoever waits here holds
nothing that comes after it in the order, so no two ever wait for each other, whatever they wrote
before and whichever they counted first.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, event
from sqlalchemy.orm import Session, SessionTransaction

from webapp.kernel.db import Base, dialect_of, insert_of
from webapp.kernel.db.prepared import table_of

KEPT = "tallies"


def add(session: Session, model: type[Base], key: Mapping[str, Any], **numbers: int) -> None:
    """Add to the columns of a counter with the commit that follows; a new row begins at nothing."""
    waiting = session.info.setdefault(KEPT, {})
    place = (model.__tablename__, tuple(key.values()))
    _model, _key, sums = waiting.setdefault(place, (model, dict(key), Counter()))
    sums.update(numbers)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction() or KEPT not in session.info:
        return
    session.flush()
    for _place, (model, key, sums) in sorted(
        session.info.pop(KEPT).items(), key=lambda item: item[0]
    ):
        if any(sums.values()):
            given = {f"b_{name}": value for name, value in {**key, **sums}.items()}
            names = tuple(sorted(sums))
            session.execute(_adding(dialect_of(session), model, tuple(key), names), given)


@event.listens_for(Session, "after_begin")
def _forget(session: Session, transaction: SessionTransaction, _connection: Any) -> None:
    """Drop what a transaction counted that came to nothing, and was left without a word."""
    if not transaction.nested:
        session.info.pop(KEPT, None)


@cache
def _adding(dialect: str, model: type[Base], keys: tuple[str, ...], names: tuple[str, ...]) -> Any:
    table = table_of(model)
    every = {name: bindparam(f"b_{name}", type_=table.c[name].type) for name in (*keys, *names)}
    row = insert_of(dialect, table).values(every)
    more = {name: table.c[name] + row.excluded[name] for name in names}
    return row.on_conflict_do_update(index_elements=list(keys), set_=more)
