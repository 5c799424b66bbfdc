"""Whether the tables are those this version works on, whatever migration they say they are at.

What is there beside them harms nothing and is no difference: a table, an index or a column of
somebody else's, as long as rows can be written without knowing it.
"""

from collections.abc import Iterable
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, Index, text

from webapp.kernel.db import Base, reading
from webapp.kernel.i18n import _
from webapp.kernel.schema import tables

# What changes with the shape of a database, and takes far less time to ask than a comparison.
STAMPS = {
    "sqlite": "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master ORDER BY name)",
    "postgresql": """
        SELECT md5(concat_ws('|',
            (SELECT string_agg(concat_ws(' ', attrelid, attname, atttypid, atttypmod, attnotnull),
                ',' ORDER BY attrelid, attnum)
             FROM pg_attribute JOIN ours ON ours.oid = attrelid
             WHERE attnum > 0 AND NOT attisdropped),
            (SELECT string_agg(concat_ws(' ', indexrelid, indisvalid), ',' ORDER BY indexrelid)
             FROM pg_index JOIN ours ON ours.oid = indrelid),
            (SELECT string_agg(pg_constraint.oid::text, ',' ORDER BY pg_constraint.oid)
             FROM pg_constraint JOIN ours ON ours.oid = conrelid)))
    """,
}
OURS = """
    WITH ours AS (SELECT oid FROM pg_class WHERE relkind = 'r'
        AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()))
"""
_known: dict[tuple[str, str], list[str]] = {}


def differences(engine: Engine) -> list[Any]:
    """Return what the models say and the migrations do not; empty when they agree."""
    tables.load()
    with reading(), engine.connect() as connection:
        return _compared(connection)


def faults(engine: Engine) -> list[str]:
    """Return what this version cannot work with, in words; empty when the shape is right.

    A probe asks every few seconds, so what was found is kept for as long as nothing changes.
    """
    tables.load()
    with reading(), engine.connect() as connection:
        key = _stamp(connection)
        if key not in _known:
            _known.clear()
            _known[key] = list(_told(_compared(connection)))
        return _known[key]


def _stamp(connection: Connection) -> tuple[str, str]:
    """Return what tells a shape from every other one that this process may meet.

    SQLite keeps its tables as they were written down, and a server only numbers, which mean
    something else in its other databases.
    """
    name = connection.dialect.name
    query = (OURS if name == "postgresql" else "") + STAMPS[name]
    whose = str(connection.engine.url) if name == "postgresql" else ""
    return whose, str(connection.execute(text(query)).scalar())


def _compared(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def _told(found: Iterable[Any]) -> Iterable[str]:
    """Yield a sentence's part for each difference that harms."""
    every = [item for entry in found for item in (entry if isinstance(entry, list) else [entry])]
    kept = {_rule(item[1]) for item in every if item[0] == "remove_index" and _whole(item[1])}
    new = {item[1].name for item in every if item[0] == "add_table"}
    for item in every:
        # What belongs to a table is missing with it.
        if item[0] in {"add_index", "add_constraint", "add_fk"} and item[1].table.name in new:
            continue
        # SQLite takes a rule into an old table only as an index, which does the same.
        if item[0] == "add_constraint" and _rule(item[1]) in kept:
            continue
        if item[0] == "remove_index" and any(_same(item[1], other) for other in every):
            continue
        said = _words(item)
        if said:
            yield said


def _same(index: Index, other: Any) -> bool:
    return bool(other[0] == "add_constraint" and _whole(index) and _rule(index) == _rule(other[1]))


def _whole(index: Index) -> bool:
    """Tell whether an index lets nothing be twice in its whole table."""
    where = any(index.dialect_options[name].get("where") is not None for name in STAMPS)
    return bool(index.unique) and not where


def _rule(item: Any) -> tuple[str, tuple[str, ...]]:
    return str(item.table.name), tuple(column.name for column in item.columns)


def _words(item: Any) -> str:
    """Return one difference in words; empty for what harms nothing."""
    kind = str(item[0])
    if kind.startswith("modify_"):
        return _of_column(kind, f"{item[2]}.{item[3]}")
    if kind in {"add_column", "remove_column"}:
        return _of_columns(kind, f"{item[2]}.{item[3].name}", item[3])
    name = str(getattr(item[1], "name", None) or ".".join(_rule(item[1])[1]))
    if kind == "add_table":
        return _("the table %(name)s is missing", name=name)
    if kind.startswith("add_"):
        table = item[1].table.name
        return _("%(name)s of the table %(table)s is missing", name=name, table=table)
    refuses = kind == "remove_constraint" or (kind == "remove_index" and item[1].unique)
    return _("%(name)s refuses rows that this version writes", name=name) if refuses else ""


def _of_column(kind: str, name: str) -> str:
    if kind == "modify_nullable":
        return _("the column %(name)s may be empty, or may not, against the models", name=name)
    return _("the column %(name)s has another type", name=name) if kind == "modify_type" else ""


def _of_columns(kind: str, name: str, column: Any) -> str:
    if kind == "add_column":
        return _("the column %(name)s is missing", name=name)
    if column.nullable or column.server_default is not None:
        return ""
    return _("the column %(name)s is unknown and must be filled", name=name)
