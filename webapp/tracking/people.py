"""What one person clicked, for their card."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.audience.models import Visitor
from webapp.audience.timeline import Event
from webapp.kernel.runtime import Runtime
from webapp.profiles.moments import Edge, Moment, Wanted
from webapp.tracking.models import Click, ClickKind, TrackedLink

MOST = 100
"""So many clicks are told of, the newest."""


def number(runtime: Runtime, visitor: Visitor) -> int:
    """Return how many clicks of a person are kept; one person never has many."""
    wanted = select(func.count()).where(
        Click.visitor_id == visitor.id, Click.kind == ClickKind.PERSON
    )
    return runtime.session.scalar(wanted) or 0


def clicked(runtime: Runtime, visitor: Visitor) -> list[Event]:
    """Return what a person clicked, newest first; the same link within an hour is told once."""
    wanted = (
        select(Click)
        .where(Click.visitor_id == visitor.id, Click.kind == ClickKind.PERSON)
        .options(joinedload(Click.link).joinedload(TrackedLink.delivery))
        .order_by(Click.at.desc(), Click.id.desc())
        .limit(MOST)
    )
    rows: Sequence[Click] = runtime.session.scalars(wanted).all()
    together = groupby(rows, key=lambda row: (row.link_id, row.quarter // 4))
    return [_event(list(same)) for _key, same in together]


def moments(runtime: Runtime, wanted: Wanted) -> Iterator[Moment]:
    """Yield the clicks of the visitors that a profile is, for its page of all that happened."""
    rows = (
        select(Click)
        .where(Click.visitor_id.in_(wanted.visitors), Click.kind == ClickKind.PERSON)
        .options(joinedload(Click.link).joinedload(TrackedLink.delivery))
    )
    for row in runtime.session.scalars(wanted.of(rows, "click", Click.at, Click.id)):
        yield Moment(edge=Edge(at=row.at, source="click", number=row.id), event=_event([row]))


def _event(same: Sequence[Click]) -> Event:
    newest = same[0]
    return Event(
        at=newest.at,
        what="clicked",
        about=newest.link.delivery.label,
        delivery_id=newest.link.delivery_id,
        link=newest.link.address.partition("://")[2] or newest.link.address,
        times=len(same),
    )
