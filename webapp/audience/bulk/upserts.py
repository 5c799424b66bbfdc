"""Writes people in bulk: new ones arrive, known ones are brought up to date, renames followed.

A page of people is one parameter of a few statements, whatever its size. People are written in the
order of their ids, so that two syncs that meet in the same people never wait for each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select, update

from channels import AudiencePage, Person
from webapp.audience import erased, left_alone, own_accounts
from webapp.audience.bulk import name_columns, statements
from webapp.audience.models import Subscription
from webapp.kernel.db import dialect_of
from webapp.kernel.db.bulk import ROWS, document_of
from webapp.kernel.db.changes import updated
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
Rows = Mapping[str, Row]
NO_ROWS: Rows = {}


def rows_of(page: AudiencePage) -> Rows:
    """Return the rows of a page's people as `followers` writes them, by remote id."""
    return {person.remote_id: _row(person) for person in page.people}


def visitors(runtime: Runtime, service: Service, people: Sequence[Person], *, origin: str) -> None:
    """Write people as visitors, but for those who were erased."""
    rows = [_row(person) for person in erased.without(runtime, service.kind, people)]
    _upsert(runtime, service, rows, origin, {row[0] for row in rows})


def followers(
    runtime: Runtime,
    service: Service,
    people: Sequence[Person],
    run_id: int,
    rows: Rows = NO_ROWS,
) -> Found:
    """Write people as visitors that follow a service as of this run; tell what was known.

    Of who is stored as the network tells nothing is written but that the run saw them. `rows` are
    those of `rows_of`, where they were made before.
    """
    told = {person.remote_id: person for person in people}
    known = _known(runtime, service, told)
    same = {key for key, row in known.items() if row.tells(told[key])}
    others = [rows.get(key) or _row(told[key]) for key in told if key not in same]
    written = _upsert(runtime, service, others, "sync", known) if others else []
    seen = sorted([*(known[key].visitor_id for key in same), *written])
    _follow(runtime, service, seen, run_id)
    changed = [key for key in known if key not in same]
    renamed = sum(known[key].told[HANDLE] != _told(told[key])[HANDLE] for key in changed)
    return Found(known=len(known), renamed=renamed, **_tied(runtime, service, told, known))


class Known(NamedTuple):
    """Somebody as stored: what was told of them, their id, and what ties them to the service."""

    told: Row
    visitor_id: int
    tie: int | None

    def tells(self, person: Person) -> bool:
        """Tell whether it is what the network tells of a person; most names are kept as told."""
        return _plain(person) == self.told or _told(person) == self.told


def _plain(person: Person) -> Row:
    """Return what the network told of a person as `statements.TOLD` orders the columns."""
    return (
        person.remote_id,
        person.handle,
        person.name,
        person.follower_count,
        person.verified,
        person.protected,
        person.accepts_messages,
        person.avatar_url,
    )


def _told(person: Person) -> Row:
    """Return the same as it is stored."""
    remote_id, handle, name, *others = _plain(person)
    return (remote_id, *name_columns.written(handle, name), *others)


def _row(person: Person) -> Row:
    """Return a person as `statements.GIVEN` orders the columns."""
    remote_id, handle, name, *others = _plain(person)
    return (remote_id, *name_columns.columns(handle, name).values(), *others)


def _known(runtime: Runtime, service: Service, remote_ids: Iterable[str]) -> dict[str, Known]:
    """Return those who are known, by remote id."""
    document = document_of((item,) for item in sorted(remote_ids))
    given = {ROWS: document, "kind": service.kind, "service_id": service.id}
    found = runtime.session.execute(statements.known(dialect_of(runtime.session)), given)
    return {row.remote_id: Known(row[:-2], row.id, row.tied) for row in found if row.id}


def _tied(
    runtime: Runtime, service: Service, told: Collection[str], known: Mapping[str, Known]
) -> dict[str, int]:
    """Count who returns and who begins; the house's own accounts are nobody's followers."""
    follow = {key for key, row in known.items() if row.tie == statements.FOLLOWS}
    returned = sum(row.tie == statements.LEFT for row in known.values())
    begin = set(told) - follow
    ours = own_accounts.remote_ids(runtime, service.kind) if begin else set()
    return {"returned": returned, "gained": len(begin - ours)}


def _upsert(
    runtime: Runtime, service: Service, people: Sequence[Row], origin: str, known: Collection[str]
) -> list[int]:
    """Write the visitors and return their ids; who is not among the `known` is new, most likely."""
    values = {
        ROWS: document_of(sorted(people, key=itemgetter(0))),
        "kind": service.kind,
        "origin": origin,
        "folder_id": service.visitor_folder_id,
        "now": runtime.now(),
    }
    rows = runtime.session.execute(statements.upsert(dialect_of(runtime.session)), values).all()
    # Another synchronisation may have added them meanwhile, by another name.
    new = {row.id for row in rows if row.added and row.remote_id not in known}
    keys = [(row.id, row.handle_key, row.name_key) for row in rows]
    name_columns.index(runtime.session, keys, new)
    return [row.id for row in rows]


def _follow(runtime: Runtime, service: Service, visitor_ids: Sequence[int], run_id: int) -> None:
    values = {
        ROWS: document_of((item,) for item in visitor_ids),
        "service_id": service.id,
        "run_id": run_id,
        "now": runtime.now(),
    }
    runtime.session.execute(statements.follow(dialect_of(runtime.session)), values)
    left_alone.withhold(runtime, service, visitor_ids)


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
    ended = updated(
        runtime.session,
        update(Subscription).where(*unseen).values(ended_at=at),
    )
    return ended - ours
