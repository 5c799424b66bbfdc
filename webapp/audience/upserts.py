"""Writes people in bulk: new ones arrive, known ones are brought up to date, renames followed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, case, func, literal, or_, select, update

from channels import Person
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

LONGEST = 255


def visitors(
    runtime: Runtime, service: Service, people: Sequence[Person], *, origin: str
) -> tuple[int, int]:
    """Write people as visitors and return how many are new and how many renamed."""
    known = _handles(runtime, service.kind, [person.remote_id for person in people])
    rows = [_row(runtime, service, person, origin) for person in people]
    if rows:
        runtime.session.connection().execute(_upsert(runtime), rows)
    renamed = sum(person.handle != known.get(person.remote_id, person.handle) for person in people)
    return len(people) - len(known), renamed


def _handles(runtime: Runtime, kind: str, remote_ids: Sequence[str]) -> dict[str, str]:
    query = select(Visitor.remote_id, Visitor.handle).where(
        Visitor.kind == kind, Visitor.remote_id.in_(remote_ids)
    )
    return dict(runtime.session.execute(query).all())


def _row(runtime: Runtime, service: Service, person: Person, origin: str) -> dict[str, Any]:
    now = runtime.now()
    name, handle = person.name[:LONGEST], person.handle[:LONGEST]
    return {
        "kind": service.kind,
        "remote_id": person.remote_id,
        "origin": origin,
        "handle": handle,
        "name": name,
        "handle_key": handle.lower(),
        "name_key": name.lower()[:LONGEST],
        "friends": person.friends,
        "verified": person.verified,
        "protected": person.protected,
        "accepts_messages": person.accepts_messages,
        "avatar_url": person.avatar_url,
        "folder_id": service.visitor_folder_id,
        "first_seen_at": now,
        "seen_at": now,
    }


def _upsert(runtime: Runtime) -> Any:
    """Bring a known visitor up to date; what the network left out this time stays."""
    insert = insert_into(runtime.session, _table(Visitor))
    always = ("handle", "name", "handle_key", "name_key", "seen_at")
    stated = ("friends", "verified", "protected", "accepts_messages", "avatar_url")
    changes = {name: insert.excluded[name] for name in always}
    changes |= {
        name: func.coalesce(insert.excluded[name], _table(Visitor).c[name]) for name in stated
    }
    return insert.on_conflict_do_update(index_elements=["kind", "remote_id"], set_=changes)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def subscriptions(runtime: Runtime, service: Service, people: Sequence[Person], run_id: int) -> int:
    """Let people follow a service as of this run; return how many had left and are back."""
    remote_ids = [person.remote_id for person in people]
    returned = runtime.session.scalar(
        select(func.count())
        .select_from(Subscription)
        .join(Visitor)
        .where(
            Subscription.service_id == service.id,
            Subscription.ended_at.is_not(None),
            Visitor.kind == service.kind,
            Visitor.remote_id.in_(remote_ids),
        )
    )
    runtime.session.execute(_follow(runtime, service, remote_ids, run_id))
    return returned or 0


def _follow(runtime: Runtime, service: Service, remote_ids: list[str], run_id: int) -> Any:
    table = _table(Subscription)
    names = ["service_id", "visitor_id", "followed_at", "seen_run_id"]
    plain = ["opt_in_proof", "quarantine_reason", "soft_failures"]
    insert = insert_into(runtime.session, table).from_select(
        [*names, *plain],
        select(
            literal(service.id),
            Visitor.id,
            literal(runtime.now(), Subscription.followed_at.type),
            literal(run_id),
            literal(""),
            literal(""),
            literal(0),
        ).where(Visitor.kind == service.kind, Visitor.remote_id.in_(remote_ids)),
    )
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
