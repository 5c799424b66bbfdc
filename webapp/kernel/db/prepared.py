"""Runs statements that are made once and for all, past the ORM.

A statement that goes through the ORM is copied, looked up and looked after each time, which takes
three times as long as running it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    Dialect,
    Executable,
    Table,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from webapp.kernel.db import Base, bind_of


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, to make a statement over."""
    return cast("Table", model.__table__)


class Place(NamedTuple):
    """A parameter of a statement: its name, and its value where that is always the same."""

    name: str
    value: Any
    is_given: bool
    # Makes of a value what the driver takes.
    written: Callable[[Any], Any] | None


class Form(NamedTuple):
    """A statement as its driver takes it, made once: SQLAlchemy looks it up anew each time."""

    text: str
    places: tuple[Place, ...]
    # Whether values go by their place, or else by their name.
    in_order: bool

    def filled(self, given: Mapping[str, Any]) -> Any:
        """Return the parameters with these values."""
        values = [_value(item, given) for item in self.places]
        if self.in_order:
            return tuple(values)
        return {item.name: value for item, value in zip(self.places, values, strict=True)}


def _value(place: Place, given: Mapping[str, Any]) -> Any:
    if not place.is_given:
        return place.value
    value = given[place.name]
    return place.written(value) if place.written else value


@lru_cache(maxsize=200)
def _form(statement: Any, dialect: Dialect) -> Form | None:
    """Compile a statement for good; nothing where SQLAlchemy has a part in each run of it.

    That is to read its rows, to unfold a list, or to make the default of a column.
    """
    if any(_reads(column.type, dialect) for column in statement.exported_columns):
        return None
    compiled = statement.compile(dialect=dialect)
    unfolds = any(item.expanding for item in compiled.binds.values())
    if unfolds or compiled.insert_prefetch or compiled.update_prefetch:
        return None
    names = compiled.positiontup or dict.fromkeys(compiled.bind_names.values())
    places = tuple(_place(compiled.binds[name], name, dialect) for name in names)
    return Form(str(compiled), places, bool(compiled.positiontup))


def _reads(kind: TypeEngine[Any], dialect: Dialect) -> bool:
    """Tell whether values of a type are something else than what the driver gives."""
    return kind.dialect_impl(dialect).result_processor(dialect, None) is not None


def _place(bind: BindParameter[Any], name: str, dialect: Dialect) -> Place:
    written = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return Place(name, None, True, written)
    value = bind.effective_value
    return Place(name, written(value) if written else value, False, None)


def run(session: Session, statement: Executable, given: Mapping[str, Any]) -> CursorResult[Any]:
    """Run a statement over tables in the transaction of a session, behind what it has pending.

    No object of the session learns of it. The statement is made once and kept.
    """
    connection = _connection(session)
    form = _form(statement, connection.dialect)
    if form is None:
        return connection.execute(statement, given)
    return connection.exec_driver_sql(form.text, form.filled(given))


def changed(session: Session, writes: Sequence[Any], given: Mapping[str, Any]) -> list[int]:
    """Run several writes in their order, and return how many rows each of them changed.

    On a server they make one statement, since each takes a trip to it.
    """
    if _connection(session).dialect.name != "postgresql":
        return [run(session, item, given).rowcount for item in writes]
    return list(run(session, _joined(tuple(writes)), given).one())


@lru_cache(maxsize=100)
def _joined(writes: tuple[Any, ...]) -> Any:
    """Return a query of what each write changes; PostgreSQL does each as it comes to its count."""
    rows = [item.returning(literal(1)).cte(f"write_{number}") for number, item in enumerate(writes)]
    return select(*(select(func.count()).select_from(item).scalar_subquery() for item in rows))


def _connection(session: Session) -> Connection:
    session.flush()
    return session.connection({"bind": bind_of(session)})


def end(session: Session) -> None:
    """Commit what is open; where nothing is, that takes as long as a statement."""
    if session.in_transaction():
        session.commit()
