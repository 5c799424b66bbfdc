"""Writes people in bulk: new ones arrive, known ones are brought up to date, renames followed.

A page of people is one parameter of a few statements, whatever its size. People are written in the
order of their ids, so that two syncs that meet in the same people never wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    String,
    Subquery,
    Table,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from channels import Person
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.bulk import Columns, table_of
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime
from webapp.kernel.values import clean
from webapp.services.models import Service

LONGEST = 255
GIVEN: Columns = {
    "remote_id": String(LONGEST),
    "handle": String(LONGEST),
    "name": String(LONGEST),
    "handle_key": String(LONGEST),
    "name_key": String(LONGEST),
    "friends": Integer(),
    "verified": Boolean(),
    "protected": Boolean(),
    "accepts_messages": Boolean(),
    "avatar_url": Text(),
}
# What the network left out this time stays as it was.
STATED = ("friends", "verified", "protected", "accepts_messages", "avatar_url")
ALWAYS = ("handle", "name", "handle_key", "name_key", "seen_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many of a page of followers were known, under another handle, or had left before."""

    known: int
    renamed: int
    returned: int


def visitors(runtime: Runtime, service: Service, people: Sequence[Person], *, origin: str) -> None:
    """Write people as visitors."""
    runtime.session.execute(_upsert(runtime, service, _given(runtime, people), origin))


def followers(runtime: Runtime, service: Service, people: Sequence[Person], run_id: int) -> Found:
    """Write people as visitors that follow a service as of this run; tell what was known."""
    given = _given(runtime, people)
    found = _find(runtime, service, given)
    upsert = _upsert(runtime, service, given, "sync").returning(_table(Visitor).c.id)
    ids = sorted(runtime.session.scalars(upsert))
    runtime.session.execute(_follow(runtime, service, ids, run_id))
    return found


def _given(runtime: Runtime, people: Sequence[Person]) -> Subquery:
    return table_of(runtime.session, GIVEN, sorted(_row(person) for person in people))


def _row(person: Person) -> tuple[Any, ...]:
    handle, name = (clean(text)[:LONGEST] for text in (person.handle, person.name))
    return (
        person.remote_id,
        handle,
        name,
        handle.lower(),
        name.lower()[:LONGEST],
        person.friends,
        person.verified,
        person.protected,
        person.accepts_messages,
        person.avatar_url,
    )


def _find(runtime: Runtime, service: Service, given: Subquery) -> Found:
    """Look each person up by the key, one by one: no plan for all of them can be a worse one.

    A join would be read by databases that have no statistics yet as a reason to scan every visitor.
    """
    same = and_(Visitor.kind == service.kind, Visitor.remote_id == given.c.remote_id)
    handle = select(Visitor.handle).where(same).scalar_subquery()
    ended = select(Subscription.ended_at).join(Visitor).where(same)
    ended_at = ended.where(Subscription.service_id == service.id).scalar_subquery()
    rows = runtime.session.execute(select(given.c.handle, handle, ended_at)).all()
    known = [(before, now) for now, before, _ended_at in rows if before is not None]
    return Found(
        known=len(known),
        renamed=sum(before != now for before, now in known),
        returned=sum(ended is not None for _now, _before, ended in rows),
    )


def _upsert(runtime: Runtime, service: Service, given: Subquery, origin: str) -> Any:
    """Bring known visitors up to date and add the others."""
    table = _table(Visitor)
    now = literal(runtime.now(), table.c.seen_at.type)
    ours = {
        "kind": literal(service.kind),
        "origin": literal(origin),
        "folder_id": literal(service.visitor_folder_id),
        "first_seen_at": now,
        "seen_at": now,
    }
    # SQLite takes the ON of the conflict for one of a join unless a WHERE stands between.
    rows = select(*given.c, *ours.values()).where(true())
    insert = insert_into(runtime.session, table).from_select([*GIVEN, *ours], rows)
    changes = {name: insert.excluded[name] for name in ALWAYS}
    changes |= {name: func.coalesce(insert.excluded[name], table.c[name]) for name in STATED}
    return insert.on_conflict_do_update(index_elements=["kind", "remote_id"], set_=changes)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _follow(runtime: Runtime, service: Service, visitor_ids: list[int], run_id: int) -> Any:
    table = _table(Subscription)
    given = table_of(runtime.session, {"visitor_id": Integer()}, [(item,) for item in visitor_ids])
    values = {
        "service_id": literal(service.id),
        "visitor_id": given.c.visitor_id,
        "followed_at": literal(runtime.now(), table.c.followed_at.type),
        "seen_run_id": literal(run_id),
        "opt_in_proof": literal(""),
        "quarantine_reason": literal(""),
        "soft_failures": literal(0),
    }
    rows = select(*values.values()).where(true())
    insert = insert_into(runtime.session, table).from_select(list(values), rows)
    anew = or_(table.c.followed_at.is_(None), table.c.ended_at.is_not(None))
    return insert.on_conflict_do_update(
        index_elements=["service_id", "visitor_id"],
        set_={
            "seen_run_id": insert.excluded.seen_run_id,
            "followed_at": case((anew, insert.excluded.followed_at), else_=table.c.followed_at),
            "ended_at": None,
        },
    )


def end_unseen(runtime: Runtime, service: Service, run_id: int, at: datetime) -> int:
    """End the subscription of everybody a complete run did not find; return how many."""
    ended = runtime.session.execute(
        update(Subscription)
        .where(
            Subscription.service_id == service.id,
            Subscription.followed_at.is_not(None),
            Subscription.ended_at.is_(None),
            or_(
                Subscription.seen_run_id.is_(None),
                and_(Subscription.seen_run_id.is_not(None), Subscription.seen_run_id != run_id),
            ),
        )
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]  # an UPDATE has a row count
