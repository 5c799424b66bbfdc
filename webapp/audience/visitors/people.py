"""The list of visitors, of any size: searched, filtered, sorted, paged by key."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from webapp.audience import consent, filters, own_accounts
from webapp.audience.models import Subscription, Visitor
from webapp.audience.names import wanted_words
from webapp.audience.visitors import by_name, paging
from webapp.audience.visitors.matching import Count, Scope
from webapp.audience.visitors.paging import Edge, Place, Source
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.folders import Folder, FolderKind, folder
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.models import Service
from webapp.workflows.models import Run

SIZES = (20, 50, 100)
# So many people with a word are put in order; more are met along the index of the order.
FEW = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to show: every part stands in the address of the page.

    `after` and `before` are ids of the visitor the page begins behind or ends before. Conditions
    about a subscription must all hold for one account of the person, that of `service_id` if it
    is given.
    """

    words: str = ""
    service_id: int | None = None
    folder_id: int | None = None
    conditions: Sequence[filters.Condition] = field(default_factory=tuple)
    sort: str = "friends"
    descending: bool = True
    after: int | None = None
    before: int | None = None
    size: int = SIZES[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visitor with what ties them to the services the list is about, best first."""

    visitor: Visitor
    subscriptions: Sequence[Subscription]

    @property
    def subscription(self) -> Subscription | None:
        """The subscription that says most: one that lets the person be messaged, if any does."""
        return self.subscriptions[0] if self.subscriptions else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some visitors in order, whether there are more on either side, and how many in all."""

    lines: Sequence[Line]
    earlier: bool
    later: bool
    count: Count


@requires(Permission.VIEW)
def search(runtime: Runtime, query: Query, known: Count | None = None) -> Page:
    """Return one page; its cost does not grow with how far down it is.

    Whoever knows how many match says so, and they are not counted.
    """
    scope = _scope(runtime, query)
    count = known or scope.count(runtime)
    edge = _edge(runtime, query)
    backwards = edge is not None and query.before is not None
    place = Place(edge=edge, falling=query.descending is not backwards)
    most = query.size + 1
    ids = paging.nearby(runtime, scope, query.sort, place, most) if count.is_large else None
    if ids is None:
        # A first page that holds all there are, or nobody, needs no look at the parts left.
        there = most if edge or count.more else min(most, count.number)
        parts = _source(runtime, scope, query, count).parts(edge, backwards=backwards, most=most)
        ids = _read(runtime, parts, there)
    more, ids = len(ids) > query.size, ids[: query.size]
    lines = _lines(runtime, ids[::-1] if backwards else ids, scope)
    if backwards:
        return Page(lines=lines, earlier=more, later=True, count=count)
    return Page(lines=lines, earlier=edge is not None, later=more, count=count)


@requires(Permission.VIEW)
def first_named(runtime: Runtime, words: str, size: int) -> Page:
    """Return the first page of a search by name; it is not counted how many match if many do."""
    known = None
    few = by_name.few_named(runtime, words, FEW)
    if few is not None:
        ids = sorted(set(few).difference(own_accounts.visitor_ids(runtime)))
        known = Count(number=len(ids), more=False, ids=ids)
    elif wanted_words(words):
        known = Count(number=0, more=True)
    return search(runtime, Query(words=words, size=size), known)


def _read(runtime: Runtime, parts: Iterable[Select[int]], most: int) -> list[int]:
    """Return so many ids of the parts, one after the other."""
    ids: list[int] = []
    for part in parts:
        if len(ids) < most:
            ids += runtime.session.scalars(part.limit(most - len(ids)))
    return ids


def every(runtime: Runtime, query: Query) -> Iterator[Select[Any]]:
    """Yield statements that select, one after the other, all that match: columns `id` and `key`.

    Those of each stand in the order of their key, then of their id.
    """
    scope = _scope(runtime, query)
    yield from _source(runtime, scope, query, scope.count(runtime)).parts(None)


def listed(runtime: Runtime, query: Query) -> Sequence[Service]:
    """Return the accounts a list is about: one, or all that are connected."""
    if query.service_id is None:
        return accounts.every(runtime)
    found = runtime.session.get(Service, query.service_id)
    return [found] if found else []


def count(runtime: Runtime, query: Query) -> int:
    """Count every visitor the query matches, however long it takes."""
    return _scope(runtime, query).number(runtime)


@requires(Permission.VIEW)
def quick_count(runtime: Runtime, query: Query, most: int | None = None) -> Count:
    """Count the visitors a query matches, up to so many or as far as that is quick."""
    return _scope(runtime, query).count(runtime, most)


@requires(Permission.VIEW)
def get(runtime: Runtime, visitor_id: int) -> Visitor:
    """Return one visitor; raise `NotFound`."""
    found = runtime.session.get(Visitor, visitor_id)
    if found is None:
        raise NotFound(_("There is no such visitor."))
    return found


@requires(Permission.VIEW)
def folders(runtime: Runtime) -> list[Folder]:
    """Return the folders of visitors by name."""
    rows = select(Folder).where(Folder.kind == FolderKind.VISITORS).order_by(Folder.name)
    return list(runtime.session.scalars(rows))


@requires(Permission.VIEW)
def ties(runtime: Runtime, visitor: Visitor) -> list[Subscription]:
    """Return all subscriptions of a person, the one that says most first, removed accounts last."""
    rows = runtime.session.scalars(
        select(Subscription)
        .where(Subscription.visitor_id == visitor.id)
        .options(joinedload(Subscription.service))
    )
    return sorted(
        rows,
        key=lambda row: (bool(row.service.removed_at), consent.rank(row, visitor), row.id),
    )


@requires(Permission.VIEW)
def told_at(runtime: Runtime, visitor: Visitor, ties: Sequence[Subscription]) -> datetime:
    """Return when the network last told of a person, whose `ties` these are.

    Of who is stored as the network tells, a run notes with the subscription alone that it saw them.
    """
    runs = Run.id.in_([tie.seen_run_id for tie in ties])
    began = runtime.session.scalar(select(func.max(Run.started_at)).where(runs))
    return max(visitor.seen_at, began or visitor.seen_at)


@requires(Permission.WRITE)
def move(runtime: Runtime, visitor_id: int, name: str) -> Visitor:
    """Put somebody into the folder of that name; one that is missing is made."""
    wanted = name.strip()
    if not wanted:
        raise Invalid(_("Name a folder."), fields={"folder": _("This is needed.")})
    visitor = get(runtime, visitor_id)
    visitor.folder = folder(runtime, FolderKind.VISITORS, wanted)
    runtime.record("visitor.move", visitor, folder=wanted)
    runtime.session.commit()
    return visitor


def _scope(runtime: Runtime, query: Query) -> Scope:
    tied = [item for item in query.conditions if filters.about_subscription(item)]
    own = [item for item in query.conditions if not filters.about_subscription(item)]
    tests = filters.where(own)
    if query.folder_id is not None:
        tests.append(Visitor.folder_id == query.folder_id)
    services = [query.service_id] if query.service_id is not None else _connected(runtime)
    return Scope(
        own=tests,
        on_subscription=filters.where(tied),
        service_ids=services,
        tied=bool(tied) or query.service_id is not None,
        rare=any(filters.is_rare(item) for item in tied),
        words=query.words,
        left_out=own_accounts.visitor_ids(runtime),
    )


def _connected(runtime: Runtime) -> list[int]:
    return [service.id for service in accounts.every(runtime)]


def _source(runtime: Runtime, scope: Scope, query: Query, found: Count) -> Source:
    """Gather and sort few matches; of many, meet the first along the index of the sort."""
    if found.is_large:
        return paging.walked(scope, query.sort, descending=query.descending)
    return paging.gathered(runtime, scope, query.sort, descending=query.descending, ids=found.ids)


def _edge(runtime: Runtime, query: Query) -> Edge | None:
    """Return where the page begins; a visitor erased meanwhile leads back to the first page."""
    edge_id = query.before if query.before is not None else query.after
    visitor = runtime.session.get(Visitor, edge_id) if edge_id is not None else None
    if visitor is None:
        return None
    return Edge(value=getattr(visitor, paging.column(query.sort).key), id=visitor.id)


def _lines(runtime: Runtime, ids: Sequence[int], scope: Scope) -> list[Line]:
    visitors = {
        visitor.id: visitor
        for visitor in runtime.session.scalars(select(Visitor).where(Visitor.id.in_(ids)))
    }
    tied: dict[int, list[Subscription]] = {visitor_id: [] for visitor_id in ids}
    for row in runtime.session.scalars(_subscriptions(ids, scope)):
        tied[row.visitor_id].append(row)
    return [
        Line(
            visitor=visitors[visitor_id],
            subscriptions=sorted(
                tied[visitor_id],
                key=lambda row: (consent.rank(row, visitors[row.visitor_id]), row.id),
            ),
        )
        for visitor_id in ids
        if visitor_id in visitors
    ]


def _subscriptions(ids: Sequence[int], scope: Scope) -> Select[Subscription]:
    return (
        select(Subscription)
        .where(Subscription.visitor_id.in_(ids), Subscription.service_id.in_(scope.service_ids))
        .options(joinedload(Subscription.service))
    )


def first_of(runtime: Runtime, service: Service) -> Visitor | None:
    """Return somebody an account knows, whose data stand for those of its readers in an example."""
    query = (
        select(Visitor)
        .join(Subscription, Subscription.visitor_id == Visitor.id)
        .where(Subscription.service_id == service.id, Visitor.id.not_in(own_accounts.visitors()))
        .order_by(Subscription.id)
    )
    return runtime.session.scalar(query.limit(1))
