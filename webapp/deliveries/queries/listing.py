"""The list of deliveries: views with counts, filters, pages by key, one line with its figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from webapp.deliveries import kinds
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.approval import pending, settlement
from webapp.deliveries.approval.settlement import Standing
from webapp.deliveries.costs import planned as foretold
from webapp.deliveries.counts import Figures, figures_of
from webapp.deliveries.models import (
    OVER,
    UNSENT,
    Delivery,
    DeliveryKind,
    DeliveryService,
    DeliveryState,
)
from webapp.deliveries.queries.activity import Activity, activity_of
from webapp.deliveries.queries.progress import channel_of, expected_end
from webapp.kernel.errors import Invalid
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

PAGE = 20
MINUTE = timedelta(minutes=1)
GOING = (DeliveryState.SENDING, DeliveryState.RETRYING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to show; every part stands in the address of the page.

    `after` and `before` are ids of the delivery a page begins behind or ends before.
    """

    view: str = "all"
    kind: str = ""
    service_id: int | None = None
    words: str = ""
    after: int | None = None
    before: int | None = None
    size: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One delivery of the list.

    `to_approve`, `held_proof` and `unheard_proof` are the numbers of proofs that wait for approval,
    are held up, or may have arrived. `to_settle` names what went wrong and nobody settled.
    """

    delivery: Delivery
    channel: str
    activity: Activity | None
    figures: Figures
    to_approve: int | None
    held_proof: int | None
    unheard_proof: int | None
    to_settle: str
    ends_at: datetime | None

    @property
    def standing(self) -> Standing:
        """What the delivery is called."""
        return settlement.standing(self.delivery, self.figures, self.to_settle)

    @property
    def cost(self) -> Decimal | None:
        """What it cost so far, or will cost as far as the analysis knows."""
        if self.delivery.started_at:
            return self.figures.cost
        return foretold.cost(self.delivery)

    @property
    def listens(self) -> Decimal | None:
        """What listening for STOP costs beside that at least, until the delivery is over."""
        return foretold.listens(self.delivery)

    @property
    def listened(self) -> Decimal | None:
        """What listening for STOP did cost, once it is over; `None` where nothing was charged."""
        return foretold.listened(self.delivery)

    @property
    def moves(self) -> bool:
        """Whether it changes without an operator."""
        return self.delivery.state in (*GOING, DeliveryState.ANALYSING)

    @property
    def long(self) -> bool:
        """Whether it went out over more than a minute, so that its end is worth telling."""
        begins, ends = self.delivery.started_at, self.delivery.finished_at
        return begins is not None and ends is not None and ends - begins > MINUTE

    @property
    def fault(self) -> str:
        """What the analysis minds first."""
        found = stored_findings.findings(self.delivery)
        return found[0]["text"] if found else ""

    @property
    def planned(self) -> int | None:
        """How many messages the analysis counted, where none is written yet."""
        count = self.delivery.analysis.get("eligible")
        return int(count) if count is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some deliveries, the latest first, and whether there are more on either side."""

    lines: Sequence[Line]
    newer: bool
    older: bool


def _in(*states: DeliveryState) -> Callable[[], ColumnElement[bool]]:
    return lambda: Delivery.state.in_(states)


VIEWS: dict[str, Callable[[], ColumnElement[bool]]] = {
    "needs": pending.needs_somebody,
    "going": _in(*GOING),
    "scheduled": _in(DeliveryState.SCHEDULED),
    "drafts": _in(*UNSENT),
    "done": lambda: and_(Delivery.state.in_(OVER), ~pending.unsettled()),
}


@requires(Permission.VIEW)
def counts(runtime: Runtime) -> dict[str, int]:
    """Return how many deliveries each view holds, and `all` of them."""
    own = Delivery.listed()
    parts = [func.count(Delivery.id).filter(own, view()) for view in VIEWS.values()]
    row = runtime.session.execute(select(func.count(Delivery.id).filter(own), *parts)).one()
    return dict(zip(("all", *VIEWS), row, strict=True))


@requires(Permission.VIEW)
def page(runtime: Runtime, query: Query) -> Page:
    """Return one page of the list; proofs stand with their delivery, not here."""
    backwards = query.before is not None
    at = _at()
    wanted = _selected(query)
    edge = query.before if backwards else query.after
    if edge is not None:
        wanted = wanted.where(_beyond(edge, backwards=backwards))
    order = (at.asc(), Delivery.id.asc()) if backwards else (at.desc(), Delivery.id.desc())
    wanted = wanted.options(selectinload(Delivery.services)).order_by(*order)
    rows = runtime.session.scalars(wanted.limit(query.size + 1)).all()
    more, rows = len(rows) > query.size, rows[: query.size]
    lines = _lines(runtime, rows[::-1] if backwards else rows)
    if backwards:
        return Page(lines=lines, newer=more, older=True)
    return Page(lines=lines, newer=edge is not None, older=more)


def needing(runtime: Runtime, most: int) -> list[Line]:
    """Return the deliveries that need somebody: what failed first, then what is unknown or held."""
    gravity = case(
        (pending.unsettled(), 0),
        (pending.doubtful(), 1),
        (Delivery.state.in_((DeliveryState.PAUSED, DeliveryState.REJECTED)), 2),
        else_=3,
    )
    wanted = (
        select(Delivery)
        .where(Delivery.listed(), pending.needs_somebody())
        .order_by(gravity, Delivery.id.desc())
        .options(selectinload(Delivery.services))
    )
    return _lines(runtime, runtime.session.scalars(wanted.limit(most)).all())


@requires(Permission.VIEW)
def number_needing(runtime: Runtime) -> int:
    """Count the deliveries that need somebody."""
    wanted = select(func.count(Delivery.id)).where(Delivery.listed(), pending.needs_somebody())
    return runtime.session.scalar(wanted) or 0


def _at() -> ColumnElement[datetime]:
    """Order by when a delivery begins or began; one without a time by its last edit."""
    return func.coalesce(Delivery.started_at, Delivery.scheduled_at, Delivery.changed_at)


def _beyond(edge: int, *, backwards: bool) -> ColumnElement[bool]:
    # The moment is compared inside the database, so that every database rounds it alike.
    other = aliased(Delivery)
    there = func.coalesce(other.started_at, other.scheduled_at, other.changed_at)
    moment = select(there).where(other.id == edge).scalar_subquery()
    if backwards:
        return or_(_at() > moment, and_(_at() == moment, Delivery.id > edge))
    return or_(_at() < moment, and_(_at() == moment, Delivery.id < edge))


def _selected(query: Query) -> Select[Delivery]:
    wanted = select(Delivery).where(Delivery.listed())
    if query.view != "all":
        wanted = wanted.where(_view(query.view))
    if query.kind:
        kind = _kind(query.kind)
        # Those of a channel's own are found by either name.
        whole = Delivery.family == kind if kind is kind.family else Delivery.kind == kind
        wanted = wanted.where(whole)
    if query.service_id:
        own = exists().where(
            DeliveryService.delivery_id == Delivery.id,
            DeliveryService.service_id == query.service_id,
        )
        wanted = wanted.where(own)
    if query.words.strip():
        wanted = wanted.where(Delivery.says(fold(query.words), query.words.strip()))
    return wanted


def _view(name: str) -> ColumnElement[bool]:
    if name not in VIEWS:
        raise Invalid(_("There is no view %(name)s.", name=name))
    return VIEWS[name]()


def _kind(name: str) -> DeliveryKind:
    try:
        return kinds.named(name)
    except KeyError as cause:
        raise Invalid(_("There is no kind of delivery %(name)s.", name=name)) from cause


def _lines(runtime: Runtime, rows: Sequence[Delivery]) -> list[Line]:
    ids = [row.id for row in rows]
    figures = figures_of(runtime, ids)
    waiting = _numbers(runtime, pending.awaiting_approval(), ids)
    held = _numbers(runtime, pending.blocked(), ids)
    unheard = _numbers(runtime, pending.unheard(), ids)
    faulty = settlement.to_settle(runtime, ids)
    return [
        Line(
            delivery=row,
            channel=channel_of(runtime, row),
            activity=activity_of(row, runtime.now()),
            figures=figures[row.id],
            to_approve=waiting.get(row.id),
            held_proof=held.get(row.id),
            unheard_proof=unheard.get(row.id),
            to_settle=faulty.get(row.id, ""),
            ends_at=_ends_at(runtime, row, figures[row.id]),
        )
        for row in rows
    ]


def _numbers(runtime: Runtime, found: Subquery, ids: Sequence[int]) -> dict[int, int | None]:
    """Return the number of the proof found of each delivery that has one."""
    numbered = (
        select(found.c.parent, Delivery.number)
        .join(found, found.c.proof == Delivery.id)
        .where(found.c.parent.in_(ids))
    )
    return {row[0]: row[1] for row in runtime.session.execute(numbered)}


def _ends_at(runtime: Runtime, row: Delivery, figures: Figures) -> datetime | None:
    if row.state not in GOING:
        return None
    ends = expected_end(runtime, row, figures.to_go)
    return ends[0] if ends else None
