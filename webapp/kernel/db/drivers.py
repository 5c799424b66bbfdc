"""What is said to the drivers of databases, and what of their faults is kept."""

import select
import sqlite3
import time
from contextlib import suppress
from typing import Any

from sqlalchemy import Dialect, event
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from webapp.kernel.config import location

# What a fault carries about where it happened.
WHERE = "database_name"
# Kept with each connection: when it was given back.
USED = "used"
# For so long after that it is not asked whether it lives.
FRESH = 1.0
# What a commit waits for, unless it must be `durable`.
SYNCHRONOUS = "NORMAL"
PRAGMAS = (
    "busy_timeout=10000",
    f"synchronous={SYNCHRONOUS}",
    "foreign_keys=ON",
    # What somebody wanted erased is not left in the file, nor in copies of it.
    "secure_delete=ON",
    "cache_size=-8192",
    "journal_size_limit=67108864",
    # A page of people changes thousands of pages of indexes, many of them again with the next one:
    # 32 MB of them go to the file at once, instead of the usual 4.
    "wal_autocheckpoint=8000",
)


@event.listens_for(Engine, "connect")
def _tune_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # SQLAlchemy begins transactions itself, see `db.py`, so that writers queue instead of failing.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # Of several processes that open a new file at once one changes its journal, for all of them;
    # SQLite refuses the others at once, whatever their patience.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode=WAL")


@event.listens_for(Engine, "do_connect")
def _speak_utf8(dialect: Dialect, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
    """Speak UTF-8 with a server whatever its database is kept in, so that texts come as texts.

    Of a database in SQL_ASCII the driver would give bytes, before anything of ours could say so.
    """
    if dialect.name == "postgresql":
        options.setdefault("client_encoding", "utf8")


@event.listens_for(Pool, "checkin")
def _note_when(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[USED] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _refuse_dead(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Let a connection that its server ended meanwhile be made anew.

    One that was used a moment ago is only looked at: asking takes as long as a statement, and a
    worker would ask twice for each message.
    """
    used = record.info.pop(USED, None)
    if used is None or isinstance(connection, sqlite3.Connection):
        return
    if _is_closing(connection) or (time.monotonic() - used > FRESH and not _answers(connection)):
        raise InvalidatePoolError


def _is_closing(connection: Any) -> bool:
    """Tell whether a server said something to a connection that asked for nothing."""
    if connection.closed:
        return True
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    return bool(heard.poll(0))


def _answers(connection: Any) -> bool:
    # Whoever keeps a file of SQLite never loads the driver of a server.
    from psycopg import Error  # noqa: PLC0415

    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
        connection.autocommit = False
    except Error:
        return False
    return True


@event.listens_for(Engine, "handle_error")
def _name_the_database(context: ExceptionContext) -> None:
    """Let a fault tell where it happened: whoever meant another database sees it then."""
    if context.sqlalchemy_exception is not None and context.engine is not None:
        setattr(context.sqlalchemy_exception, WHERE, location.database(context.engine.url))


@event.listens_for(Engine, "handle_error")
def _without_values(context: ExceptionContext) -> None:
    """Keep the values of rows out of logs: PostgreSQL adds them to what it says of a refusal."""
    theirs, ours = context.original_exception, context.sqlalchemy_exception
    said = getattr(getattr(theirs, "diag", None), "message_primary", None)
    if said and ours is not None:
        theirs.args = (said,)
        ours.args = (f"({type(theirs).__name__}) {said}",)
