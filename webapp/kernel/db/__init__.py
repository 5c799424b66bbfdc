"""The database: one declarative base, UTC datetimes, and SQLite tuned for several processes."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Enum,
    Executable,
    MetaData,
    String,
    Text,
    TypeDecorator,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from webapp.kernel.db import drivers

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


MILLION = Decimal(1_000_000)
FOUR_PLACES = Decimal("0.0001")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; a naive one is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a zone cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Return an aware UTC value."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """An amount of money, stored as a whole number of millionths of its currency.

    SQLite knows no decimals: it would keep a binary fraction, and sums of many would drift. Whole
    numbers are exact on both databases, in sums inside of the database too.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, _dialect: Dialect) -> int | None:
        """Return millionths; raise `ValueError` for a part of one, which could not be kept."""
        if value is None:
            return None
        parts = Decimal(value) * MILLION
        if parts != parts.to_integral_value():
            raise ValueError(f"{value} has more than six decimals, so it cannot be stored.")
        return int(parts)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Return the amount as it was stored; at least four decimals are written."""
        if value is None:
            return None
        amount = Decimal(value) / MILLION
        return amount.quantize(FOUR_PLACES) if int(value) % 100 == 0 else amount


Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
        str: Text,
    }


def word(kind: type[StrEnum]) -> Enum:
    """Return a column type that stores the values of `kind` as short text."""
    return Enum(
        kind,
        values_callable=lambda words: [item.value for item in words],
        native_enum=False,
        create_constraint=True,
        length=24,
        name=kind.__name__.lower(),
    )


SHORT = String(255)
log = logging.getLogger(__name__)


def insert_into(session: Session, table: Any) -> Any:
    """Return an INSERT of the session's database, which knows ON CONFLICT on both we support."""
    return insert_of(dialect_of(session), table)


def insert_of(dialect: str, table: Any) -> Any:
    """Return an INSERT of the database with that name, as `dialect_of` tells it."""
    return insert_sqlite(table) if dialect == "sqlite" else insert_postgresql(table)


def dialect_of(session: Session) -> str:
    """Return which of the two databases a session speaks to: `sqlite` or `postgresql`."""
    return bind_of(session).dialect.name


def bind_of(session: Session) -> Engine | Connection:
    """Return what a session speaks through; it is found once, by a walk through the application."""
    found: Engine | Connection | None = session.info.get("bind")
    if found is None:
        found = session.info["bind"] = session.get_bind()
    return found


def in_passing(session: Session, statement: Executable) -> bool:
    """Write in a transaction of its own, unless somebody holds the database; tell whether it did.

    For what may be lost, such as when somebody was last seen: a page that only looks must neither
    wait for a writer nor fail with a database that cannot be written.
    """
    try:
        with session.get_bind().engine.connect() as connection, waiting(connection, 100):
            connection.execute(statement)
            connection.commit()
    except SQLAlchemyError as fault:
        log.debug("What may be lost was not written: %s", type(fault).__name__)
        return False
    return True


@contextmanager
def waiting(connection: Connection, milliseconds: int | None) -> Iterator[None]:
    """Let statements wait so long for a lock; `None` leaves it as it is."""
    if milliseconds is None:
        yield
        return
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
        yield
        return
    driver: Any = connection.connection.driver_connection
    before = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {before}")


def hold(session: Session, model: type[Base]) -> None:
    """Let nobody else write to the table of `model` before the transaction ends.

    For what must hold over several rows. On SQLite whoever writes is alone already.
    """
    if dialect_of(session) == "postgresql":
        session.execute(text(f"LOCK TABLE {model.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


# Kept with each connection to SQLite: whether its transaction took no write lock, and whether its
# commits wait for the disk.
ONLY_READS = "only_reads"
SYNCHRONOUS = "synchronous"
READS = re.compile(r"\s*(SELECT|WITH|PRAGMA|EXPLAIN|BEGIN|COMMIT|ROLLBACK)\b", re.IGNORECASE)

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

# A transaction that reads first and writes later fails on SQLite when somebody else wrote in
# between. So all transactions take the write lock at once, but for those declared as reading.
# One declared as reading takes it with its first write, see below.
_begin: ContextVar[str] = ContextVar("begin", default="IMMEDIATE")


@contextmanager
def reading() -> Iterator[None]:
    """Let the transactions begun inside share the database with a writer.

    One that writes after all begins anew with the write lock: see `_lock_before_writing`.
    """
    token = _begin.set("DEFERRED")
    try:
        yield
    finally:
        _begin.reset(token)


_synchronous: ContextVar[str] = ContextVar("synchronous", default=drivers.SYNCHRONOUS)


@contextmanager
def durable(session: Session) -> Iterator[None]:
    """Let the transactions begun inside outlive a power cut, once they are committed.

    SQLite hands others to the disk a moment later: a cut takes the last of them back, and a message
    whose attempt is gone would be sent again. PostgreSQL waits for the disk at every commit. The
    transaction before is committed, since SQLite lets none choose after it began.
    """
    if session.in_transaction():
        session.commit()
    token = _synchronous.set("FULL")
    try:
        yield
    finally:
        _synchronous.reset(token)


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        _wait_for_the_disk(connection)
        connection.info[ONLY_READS] = _begin.get() == "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {_begin.get()}")


def _wait_for_the_disk(connection: Any) -> None:
    """Choose how long commits take; SQLite refuses to choose anew inside a transaction."""
    wanted = _synchronous.get()
    if connection.info.get(SYNCHRONOUS, drivers.SYNCHRONOUS) != wanted:
        connection.info[SYNCHRONOUS] = wanted
        connection.connection.driver_connection.execute(f"PRAGMA synchronous={wanted}")


@event.listens_for(Engine, "before_cursor_execute")
def _lock_before_writing(
    connection: Connection,
    _cursor: Any,
    statement: str,
    _values: Any,
    context: Any,
    _many: bool,  # noqa: FBT001 - as SQLAlchemy calls it
) -> None:
    """Let a transaction that only read so far begin anew, with the write lock, before it writes.

    SQLite refuses at once, whatever the timeout, to let a reader write when somebody else wrote
    since its first look. Nothing is lost by the new beginning, for nothing was written yet; what
    was read may be older than the lock, as it always may on PostgreSQL. A savepoint counts as a
    write, since it would not outlive a new beginning.
    """
    if not connection.info.get(ONLY_READS) or not _writes(statement, context):
        return
    connection.info[ONLY_READS] = False
    connection.exec_driver_sql("COMMIT")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _writes(statement: str, context: Any) -> bool:
    if context.isinsert or context.isupdate or context.isdelete:
        return True
    return READS.match(statement) is None
