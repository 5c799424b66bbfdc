"""How many people whole lists hold: counted now, or as they were counted last where they are long.

A list is whole while nobody searches it: that of a view, of one account or all, of one folder or
all. To count a million takes seconds and every page says the number, so that of a long list is
kept, and pages say when it was counted. Short ones are counted each time.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from webapp.audience import own_accounts
from webapp.audience.filters import pinned
from webapp.audience.models import ListCount
from webapp.audience.visitors import matching, people, presets
from webapp.audience.visitors.matching import Count
from webapp.kernel.db import in_passing, insert_into
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import number
from webapp.services.connection import accounts

# What was counted is shown for so long before whoever looks lets it be counted again.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeList:
    """A list that nobody searched."""

    view: str = presets.ALL
    service_id: int | None = None
    folder_id: int | None = None

    @property
    def key(self) -> str:
        """What tells it from other lists on a page."""
        return "-".join(str(part or 0) for part in (self.view, self.service_id, self.folder_id))

    def query(self, runtime: Runtime) -> people.Query:
        """Return who is in it."""
        return people.Query(
            service_id=self.service_id,
            folder_id=self.folder_id,
            conditions=pinned(presets.conditions(runtime, self.view), runtime.zone),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNumber:
    """How many are in a list; `more` when there are more than that and nobody counted them.

    `counted_at` is when they were counted where that may have changed since; else it is as of now.
    """

    number: int
    more: bool = False
    counted_at: datetime | None = None

    @property
    def count(self) -> Count:
        """What whoever reads the list needs not count."""
        return Count(number=self.number, more=self.more)

    def __str__(self) -> str:
        """Return it as pages write it."""
        return number(self.number) + ("+" if self.more else "")

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is time to count again."""
        if self.counted_at is None:
            return self.more
        # A clock that was set back keeps no number young.
        return not timedelta() <= now - self.counted_at < FRESH


Numbers = Mapping[WholeList, ListNumber]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page says of its numbers: when the oldest was counted, and whether one was never.

    Lists that are no longer than `longer_than` are counted each time. `due` tells that it is time
    to count the others again.
    """

    longer_than: int
    counted_at: datetime | None
    uncounted: bool
    due: bool


@requires(Permission.VIEW)
def told(runtime: Runtime, numbers: Numbers, at: datetime | None = None) -> Told:
    """Return what a page that shows these numbers says of them; `at` is when it counted them."""
    found = numbers.values()
    return Told(
        longer_than=matching.MOST,
        counted_at=min((item.counted_at for item in found if item.counted_at), default=at),
        uncounted=any(item.more for item in found),
        due=any(item.is_due(runtime.now()) for item in found),
    )


@requires(Permission.VIEW)
def known(runtime: Runtime, lists: Collection[WholeList]) -> Numbers:
    """Return how many are in each list, as far as that is quick."""
    names = {_name(runtime, item): item for item in lists}
    rows = runtime.session.scalars(select(ListCount).where(ListCount.name.in_(names)))
    kept = {names[row.name]: row for row in rows}
    house = _house(runtime) if kept else []
    return {item: _known(runtime, item, kept.get(item), house) for item in lists}


def _known(
    runtime: Runtime, item: WholeList, kept: ListCount | None, house: list[list[int]]
) -> ListNumber:
    query = item.query(runtime)
    if kept is not None and kept.asked == _hash(query, house):
        return ListNumber(number=kept.number, counted_at=kept.counted_at)
    found = people.quick_count(runtime, query)
    return ListNumber(number=found.number, more=found.more)


@requires(Permission.VIEW)
def counted(runtime: Runtime, lists: Collection[WholeList]) -> Numbers:
    """Count each list to its end, and keep the numbers of the long ones."""
    house = _house(runtime)
    return {item: _counted(runtime, item, house) for item in lists}


def _counted(runtime: Runtime, item: WholeList, house: list[list[int]]) -> ListNumber:
    query, at = item.query(runtime), runtime.now()
    whole = people.count(runtime, query)
    values = {"asked": _hash(query, house), "number": whole, "counted_at": at}
    name = _name(runtime, item)
    if whole > matching.MOST:
        insert = insert_into(runtime.session, ListCount).values(name=name, **values)
        keep = insert.on_conflict_do_update(index_elements=["name"], set_=values)
        in_passing(runtime.session, keep)
    elif runtime.session.get(ListCount, name):
        in_passing(runtime.session, delete(ListCount).where(ListCount.name == name))
    return ListNumber(number=whole)


def _name(runtime: Runtime, item: WholeList) -> str:
    """Return what a number is kept by; *this week* is one of the days of a zone."""
    return f"{item.key} {runtime.zone.key}"


def _house(runtime: Runtime) -> list[list[int]]:
    """Return the accounts whose people are listed, and the visitors that are such accounts."""
    services = [service.id for service in accounts.every(runtime)]
    return [services, sorted(own_accounts.visitor_ids(runtime))]


def _hash(query: people.Query, house: list[list[int]]) -> str:
    """Return the hash of what decides who is in a list, beside what these people do."""
    parts = [query.service_id, query.folder_id, query.conditions, house]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
