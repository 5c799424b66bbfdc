"""The statements that write a page of people, made once for each database.

A sync executes them for every page; building and reading them anew took as long as the page's rows.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Integer,
    String,
    Subquery,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
)

from webapp.audience.models import Subscription, Visitor
from webapp.kernel.db import UtcDateTime, insert_of
from webapp.kernel.db.bulk import Columns, table_of

LONGEST = 255
GIVEN: Columns = {
    "remote_id": String(LONGEST),
    "handle": String(LONGEST),
    "name": String(LONGEST),
    "handle_key": String(LONGEST),
    "name_key": String(LONGEST),
    "first_name": String(LONGEST),
    "follower_count": Integer(),
    "verified": Boolean(),
    "protected": Boolean(),
    "accepts_messages": Boolean(),
    "avatar_url": Text(),
}
# What the network tells; the others of these columns follow from it.
TOLD = (
    "remote_id", "handle", "name", "follower_count", "verified", "protected", "accepts_messages",
    "avatar_url",
)  # fmt: skip
# What the network left out this time stays as it was.
STATED = ("follower_count", "verified", "protected", "accepts_messages", "avatar_url")
# A name that is the id alone is told of somebody the network no longer names, and replaces none.
NAMES = {
    "handle": "handle",
    "handle_key": "handle",
    "name": "name",
    "name_key": "name",
    "first_name": "name",
}


WROTE, FOLLOWS, LEFT = range(3)
_TIE = case(
    (Subscription.ended_at.is_not(None), LEFT),
    (Subscription.followed_at.is_not(None), FOLLOWS),
    else_=WROTE,
)


@cache
def known(dialect: str) -> Any:
    """Select what is stored of each person: as `TOLD`, the id, what ties them to a service.

    All of it is null of who is not known. Parameters: rows of one remote id each, `kind`,
    `service_id`. Each person is looked up by the key, one by one: no plan for all of them can be a
    worse one. Both databases would read a plain join as a reason to scan every visitor; SQLite
    keeps to the order of an outer one, and PostgreSQL to a limit, where it also keeps everybody
    found from being erased before they follow.
    """
    given = table_of(dialect, {"remote_id": String(LONGEST)})
    found: Any = _table(Visitor)
    same = and_(found.c.kind == bindparam("kind"), found.c.remote_id == given.c.remote_id)
    if dialect != "sqlite":
        columns = [found.c[name] for name in (*TOLD, "id")]
        one = select(*columns).where(same).limit(1).with_for_update(read=True, key_share=True)
        found, same = one.lateral("found"), true()
    tie = (
        select(_TIE)
        .where(Subscription.visitor_id == found.c.id)
        .where(Subscription.service_id == bindparam("service_id"))
        .scalar_subquery()
    )
    columns = [found.c[name] for name in (*TOLD, "id")]
    return select(*columns, tie.label("tied")).select_from(given.outerjoin(found, same))


@cache
def upsert(dialect: str) -> Any:
    """Bring known visitors up to date, add the others; return ids, keys, and whether it added them.

    Parameters: the rows as `GIVEN`, `kind`, `origin`, `folder_id`, `now`.
    """
    table, given = _table(Visitor), table_of(dialect, GIVEN)
    ours = {
        "kind": bindparam("kind", type_=String()),
        "origin": bindparam("origin", type_=String()),
        "folder_id": bindparam("folder_id", type_=Integer()),
        "first_seen_at": _now(),
        "seen_at": _now(),
    }
    # SQLite takes the ON of the conflict for one of a join unless a WHERE stands between.
    rows = select(*given.c, *ours.values()).where(true())
    insert = insert_of(dialect, table).from_select([*GIVEN, *ours], rows)
    changes: dict[str, Any] = {"seen_at": insert.excluded.seen_at}
    changes |= {name: _told(table, insert.excluded, name) for name in NAMES}
    changes |= {name: func.coalesce(insert.excluded[name], table.c[name]) for name in STATED}
    key = ["kind", "remote_id"]
    return insert.on_conflict_do_update(index_elements=key, set_=changes).returning(
        table.c.id,
        table.c.handle_key,
        table.c.name_key,
        table.c.remote_id,
        (table.c.first_seen_at == _now()).label("added"),
    )


def _told(table: Table, excluded: Any, name: str) -> ColumnElement[Any]:
    unnamed = excluded[NAMES[name]] == excluded.remote_id
    return case((unnamed, table.c[name]), else_=excluded[name])


@cache
def follow(dialect: str) -> Any:
    """Let visitors follow a service, anew where they had left.

    Parameters: rows of one visitor's id each, `service_id`, `run_id`, `now`.
    """
    table = _table(Subscription)
    given = table_of(dialect, {"visitor_id": Integer()})
    values = _beginning(given)
    rows = select(*values.values()).where(true())
    insert = insert_of(dialect, table).from_select(list(values), rows)
    anew = or_(table.c.followed_at.is_(None), table.c.ended_at.is_not(None))
    return insert.on_conflict_do_update(
        index_elements=["service_id", "visitor_id"],
        set_={
            "seen_run_id": insert.excluded.seen_run_id,
            "followed_at": case((anew, insert.excluded.followed_at), else_=table.c.followed_at),
            "ended_at": None,
        },
    )


def _beginning(given: Subquery) -> dict[str, Any]:
    """Return what a subscription begins with."""
    return {
        "service_id": bindparam("service_id", type_=Integer()),
        "visitor_id": given.c.visitor_id,
        "followed_at": _now(),
        "seen_run_id": bindparam("run_id", type_=Integer()),
        "quarantine_reason": literal(""),
        "soft_failures": literal(0),
    }


def _now() -> BindParameter[Any]:
    return bindparam("now", type_=UtcDateTime())


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
