"""Adds what databases of Fanfare's first days lack.

Until 26 November 2026 the first migration was changed in its place, so that databases made before
say they are at a migration whose columns they never got. Everything here is added, nothing that
was kept is lost; what only fewer values would allow stays as it is.
"""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection

from webapp.kernel.schema import first_accounts

# The last migration that may stand on such a database: each later upgrade mended it first.
LAST = "6d1c9e52b7f4"
# First migrations of the days before, which no version can upgrade.
TOO_OLD = frozenset({"46ac138de814", "7ad04fe4c1ce", "6e4796c9bdc9", "f6ee37e04ae8"})
KINDS = "CONSTRAINT ck_message_deliverykind CHECK (kind IN ('post', 'direct'))"
TIMES = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
# Each column: its table, its name, its type, and what fills it where it may not be empty.
COLUMNS = (
    ("service", "account_read_at", "{time}", ""),
    ("service", "inbox_cursor", "TEXT", ""),
    ("service", "inbox_walk_at", "{time}", ""),
    ("service", "inbox_walk_newest", "{time}", ""),
    ("delivery", "removed_at", "{time}", ""),
    (
        "inbound_note",
        "read_at",
        "{time} NOT NULL DEFAULT '1970-01-01 00:00:00.000000'",
        "UPDATE inbound_note SET read_at = received_at",
    ),
    (
        "message",
        "kind",
        f"VARCHAR(24) NOT NULL DEFAULT 'post' {KINDS}",
        "UPDATE message SET kind = (SELECT kind FROM delivery WHERE id = message.delivery_id)",
    ),
)


def mend(connection: Connection) -> list[str]:
    """Add what is missing and return the names of what was added."""
    steps: tuple[Callable[[Connection], list[str]], ...] = (
        _columns,
        _claims,
        _folders,
        first_accounts.mend,
    )
    return [name for step in steps for name in step(connection)]


def _columns(connection: Connection) -> list[str]:
    """Add columns; the default that fills a new one is taken away where the database lets us."""
    added = []
    time = TIMES[connection.dialect.name]
    for table, name, kind, fill in COLUMNS:
        if name in _column_names(connection, table):
            continue
        _run(connection, f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(time=time)}")
        added.append(f"{table}.{name}")
        if fill:
            _run(connection, fill)
        if fill and connection.dialect.name == "postgresql":
            _run(connection, f"ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")
    return added


def _claims(connection: Connection) -> list[str]:
    """Let a post and a direct message have the same remote id: networks number them apart."""
    if "uq_message_service_id_remote_id" not in _indexes(connection, "message"):
        return []
    _run(connection, "DROP INDEX uq_message_service_id_remote_id")
    _run(
        connection,
        "CREATE UNIQUE INDEX uq_message_service_id_kind_remote_id"
        " ON message (service_id, kind, remote_id) WHERE remote_id IS NOT NULL",
    )
    return ["uq_message_service_id_kind_remote_id"]


def _folders(connection: Connection) -> list[str]:
    """Remove the empty folder of a kind that is no more; it could not be read."""
    _run(connection, "DELETE FROM folder WHERE kind = 'deliveries'")
    return []


def _column_names(connection: Connection, table: str) -> set[str]:
    return {str(column["name"]) for column in sa.inspect(connection).get_columns(table)}


def _indexes(connection: Connection, table: str) -> set[str]:
    return {str(index["name"]) for index in sa.inspect(connection).get_indexes(table)}


def _run(connection: Connection, statement: str) -> None:
    connection.execute(sa.text(statement))
