"""Makes one row of the rows that an account got on Fanfare's first day.

An account that was removed and connected again had a second row then, and people's consent hung on
the first: who had written STOP to it was written to again. One account has one row for ever now.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

RULE = "uq_service_kind_remote_id"
Row = Mapping[Any, Any]
# What belongs to a moment goes with it.
WITH = {
    "opted_in_at": ("opt_in_proof", "opt_in_purpose"),
    "opted_out_at": ("opt_out_note",),
    "quarantined_at": ("quarantine_reason",),
    "last_message_at": (),
    "doubted_at": (),
}


def mend(connection: Connection) -> list[str]:
    """Make the rule that an account has one row, and return its name if it was missing."""
    if not _holds_for_some(connection):
        return []
    for kept, other in _twins(connection):
        _bring_over(connection, kept, other)
    _run(connection, f"DROP INDEX {RULE}")
    if connection.dialect.name == "postgresql":
        _run(connection, f"ALTER TABLE service ADD CONSTRAINT {RULE} UNIQUE (kind, remote_id)")
    else:
        _run(connection, f"CREATE UNIQUE INDEX {RULE} ON service (kind, remote_id)")
    return [RULE]


def _holds_for_some(connection: Connection) -> bool:
    """Tell whether the rule leaves out accounts that were removed."""
    where = f"{connection.dialect.name}_where"
    return any(
        index["name"] == RULE and index.get("dialect_options", {}).get(where) is not None
        for index in sa.inspect(connection).get_indexes("service")
    )


def _twins(connection: Connection) -> Iterator[tuple[int, int]]:
    """Yield the row of each account that is in use, or else its newest, with each other one."""
    rows = connection.execute(
        sa.text(
            "SELECT kind, remote_id, id FROM service"
            " ORDER BY kind, remote_id, removed_at IS NULL DESC, id DESC"
        )
    ).all()
    kept: dict[tuple[str, str], int] = {}
    for kind, remote_id, number in rows:
        first = kept.setdefault((kind, remote_id), number)
        if first != number:
            yield first, number


def _bring_over(connection: Connection, kept: int, other: int) -> None:
    """Move people and what they wrote to the kept row; the other stays as the history it is."""
    _merge(connection, kept, other)
    for statement in BROUGHT_OVER:
        connection.execute(sa.text(statement), {"kept": kept, "other": other})


def _merge(connection: Connection, kept: int, other: int) -> None:
    """Let whoever both rows know have on the kept one what either knows of their consent."""
    table = sa.Table("subscription", sa.MetaData(), autoload_with=connection)
    old = table.alias()
    known = sa.select(old).where(
        old.c.service_id == other,
        old.c.visitor_id.in_(sa.select(table.c.visitor_id).where(table.c.service_id == kept)),
    )
    for theirs in connection.execute(known).mappings().all():
        mine = (table.c.service_id == kept) & (table.c.visitor_id == theirs["visitor_id"])
        ours = connection.execute(sa.select(table).where(mine)).mappings().one()
        connection.execute(sa.update(table).where(mine).values(_united(ours, theirs)))
        message = sa.table("message", sa.column("subscription_id"))
        moved = sa.update(message).where(message.c.subscription_id == theirs["id"])
        connection.execute(moved.values(subscription_id=ours["id"]))


def _united(ours: Row, theirs: Row) -> dict[str, Any]:
    """Return what the kept row is to say: the first word, and the last of everything else."""
    words = [row["wrote_first_at"] for row in (ours, theirs) if row["wrote_first_at"]]
    united = {"wrote_first_at": min(words, default=None)}
    for moment, more in WITH.items():
        at = theirs.get(moment)
        if at and (ours[moment] is None or at > ours[moment]):
            united |= {name: theirs[name] for name in (moment, *more) if name in theirs}
    return united


BROUGHT_OVER = (
    """
    DELETE FROM subscription WHERE service_id = :other AND visitor_id IN (
        SELECT visitor_id FROM subscription WHERE service_id = :kept)
    """,
    """
    UPDATE subscription SET service_id = :kept, ended_at = COALESCE(
        ended_at, (SELECT removed_at FROM service WHERE id = :other)) WHERE service_id = :other
    """,
    """
    DELETE FROM inbound_note WHERE service_id = :other AND remote_id IN (
        SELECT remote_id FROM inbound_note WHERE service_id = :kept)
    """,
    "UPDATE inbound_note SET service_id = :kept WHERE service_id = :other",
    "UPDATE service SET remote_id = remote_id || ' (' || id || ')' WHERE id = :other",
)


def _run(connection: Connection, statement: str) -> None:
    connection.execute(sa.text(statement))
