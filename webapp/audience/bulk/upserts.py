"""Writes people in bulk: new ones arrive, known ones are brought up to date, renames followed.

A page of people is one parameter of a few statements, whatever its size. People are written in the
order of their ids, so that two syncs that meet in the same people never wait for each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from channels import Person
from webapp.audience import erased, own_accounts
from webapp.audience.bulk import name_columns, statements
from webapp.audience.models import Subscription
from webapp.kernel.db import dialect_of
from webapp.kernel.db.bulk import ROWS, document_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

HANDLE = statements.TOLD.index("handle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many of a page of followers were known, under another handle, or had left before.

    `gained` counts those who begin to follow, the returned among them.
    """

    known: int
    renamed: int
    returned: int
    gained: int


Row = tuple[Any, ...]


def visitors(runtime: Runtime, service: Service, people: Sequence[Person], *, origin: str) -> None:
    """Write people as visitors, but for those who were erased."""
    told = erased.without(runtime, service.kind, people)
    _upsert(runtime, service, [_row(person) for person in told], origin)


def followers(runtime: Runtime, service: Service, people: Sequence[Person], run_id: int) -> Found:
    """Write people as visitors that follow a service as of this run; tell what was known."""
    told = {person.remote_id: person for person in people}
    ids, ties = _find(runtime, service, told)
    before = _stored(runtime, ids)
    known = {key: _told(told[key]) for key in before}
    same = {key for key, row in before.items() if row == known[key]}
    _touch(runtime, sorted(ids[key] for key in same))
    others = [_row(person) for key, person in told.items() if key not in same]
    written = _upsert(runtime, service, others, "sync") if others else []
    _follow(runtime, service, sorted([*(ids[key] for key in same), *written]), run_id)
    renamed = sum(row[HANDLE] != known[key][HANDLE] for key, row in before.items())
    return Found(known=len(before), renamed=renamed, **_tied(runtime, service, told, ties))


def _told(person: Person) -> Row:
    """Return a person as `statements.TOLD` orders the columns."""
    handle, name = name_columns.written(person.handle, person.name)
    return (
        person.remote_id,
        handle,
        name,
        person.follower_count,
        person.verified,
        person.protected,
        person.accepts_messages,
        person.avatar_url,
    )


def _row(person: Person) -> Row:
    """Return a person as `statements.GIVEN` orders the columns."""
    known = name_columns.columns(person.handle, person.name)
    return (
        person.remote_id,
        *known.values(),
        person.follower_count,
        person.verified,
        person.protected,
        person.accepts_messages,
        person.avatar_url,
    )


def _find(
    runtime: Runtime, service: Service, remote_ids: Iterable[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the ids of those who are known, and what ties people to the service, by remote id."""
    document = document_of((item,) for item in sorted(remote_ids))
    given = {ROWS: document, "kind": service.kind, "service_id": service.id}
    found = runtime.session.execute(statements.find(dialect_of(runtime.session)), given).all()
    ids = {key: number for key, number, _tied in found if number is not None}
    return ids, {key: tied for key, _number, tied in found if tied is not None}


def _stored(runtime: Runtime, ids: Mapping[str, int]) -> dict[str, Row]:
    """Return what is stored of those who are known, by remote id, and keep it from being changed.

    Nobody is missing here whom `_find` found but those who were erased meanwhile.
    """
    if not ids:
        return {}
    given = {ROWS: document_of((item,) for item in sorted(ids.values()))}
    found = runtime.session.execute(statements.stored(dialect_of(runtime.session)), given)
    return {row[0]: tuple(row[:-1]) for row in found}


def _touch(runtime: Runtime, ids: Sequence[int]) -> None:
    if ids:
        given = {ROWS: document_of((item,) for item in ids), "now": runtime.now()}
        runtime.session.execute(statements.touch(dialect_of(runtime.session)), given)


def _tied(
    runtime: Runtime, service: Service, told: Collection[str], ties: Mapping[str, int]
) -> dict[str, int]:
    """Count who returns and who begins; the house's own accounts are nobody's followers."""
    ours = own_accounts.remote_ids(runtime, service.kind)
    follow = {key for key, tied in ties.items() if tied == statements.FOLLOWS}
    returned = sum(tied == statements.LEFT for tied in ties.values())
    return {"returned": returned, "gained": len(set(told) - follow - ours)}


def _upsert(runtime: Runtime, service: Service, people: Sequence[Row], origin: str) -> list[int]:
    """Write the visitors and return their ids, in order."""
    values = {
        ROWS: document_of(sorted(people, key=itemgetter(0))),
        "kind": service.kind,
        "origin": origin,
        "folder_id": service.visitor_folder_id,
        "now": runtime.now(),
    }
    upsert = statements.upsert(dialect_of(runtime.session))
    rows = sorted(tuple(row) for row in runtime.session.execute(upsert, values))
    name_columns.index(runtime.session, rows)
    return [visitor_id for visitor_id, _handle_key, _name_key in rows]


def _follow(runtime: Runtime, service: Service, visitor_ids: Sequence[int], run_id: int) -> None:
    values = {
        ROWS: document_of((item,) for item in visitor_ids),
        "service_id": service.id,
        "run_id": run_id,
        "now": runtime.now(),
    }
    runtime.session.execute(statements.follow(dialect_of(runtime.session)), values)


def end_unseen(
    runtime: Runtime, service: Service, run_id: int, began: datetime, at: datetime
) -> int:
    """End the subscription of everybody a complete run did not find; return how many.

    Whom the network told of since the run began is left to the next one: this one may have read
    past their place. The house's own accounts end, too, and are not among these.
    """
    unseen = (
        Subscription.service_id == service.id,
        Subscription.followed_at <= began,
        Subscription.ended_at.is_(None),
        or_(
            Subscription.seen_run_id.is_(None),
            and_(Subscription.seen_run_id.is_not(None), Subscription.seen_run_id != run_id),
        ),
    )
    own = Subscription.visitor_id.in_(own_accounts.visitor_ids(runtime))
    ours = runtime.session.scalar(select(func.count()).where(*unseen, own)) or 0
    ended = runtime.session.execute(
        update(Subscription)
        .where(*unseen)
        .values(ended_at=at)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount) - ours  # type: ignore[attr-defined]  # an UPDATE has a row count
