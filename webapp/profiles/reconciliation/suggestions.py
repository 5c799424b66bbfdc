"""Who may be the same person: the same name, which alone never links, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select, tuple_
from sqlalchemy.orm import joinedload

from webapp.audience import own_accounts
from webapp.audience.models import Visitor
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import LARGEST
from webapp.profiles.models import NotSame, Profile, ProfileLink, WaitingContact

FEW = 5
SIZE = 20
# So many profiles are looked through for one page of the list.
WINDOW = 20_000


# The ids of a profile and of a visitor, the order of pairs.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A visitor and a profile with the same name."""

    visitor: Visitor
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Some pairs, and the ids of profile and visitor to look behind; none at the end."""

    rows: Sequence[Pair]
    after: Place | None


def _open() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that visitor and profile are not linked, nor said to be two."""
    pair = and_(NotSame.visitor_id == Visitor.id, NotSame.profile_id == Profile.id)
    return (
        ~exists().where(ProfileLink.visitor_id == Visitor.id),
        ~exists().where(pair),
        Visitor.id.not_in(own_accounts.visitors()),
    )


@requires(Permission.VIEW)
def for_profile(runtime: Runtime, profile: Profile) -> Sequence[Visitor]:
    """Return visitors that have the name of a profile, and belong to none."""
    if not profile.name_key:
        return []
    rows = select(Visitor).join(Profile, Profile.id == profile.id)
    same = rows.where(Visitor.name_key == profile.name_key, *_open())
    return runtime.session.scalars(same.order_by(Visitor.id).limit(FEW)).all()


@requires(Permission.VIEW)
def for_visitor(runtime: Runtime, visitor: Visitor) -> Sequence[Profile]:
    """Return profiles that have the name of a visitor."""
    if not visitor.name_key:
        return []
    rows = select(Profile).join(Visitor, Visitor.id == visitor.id)
    same = rows.where(Profile.name_key == visitor.name_key, *_open())
    return runtime.session.scalars(same.order_by(Profile.id).limit(FEW)).all()


@requires(Permission.VIEW)
def page(runtime: Runtime, after: Place = (0, 0)) -> Pairs:
    """Return pairs behind a place; so many profiles are looked through, however few match."""
    here = tuple_(Profile.id, Visitor.id) > after
    window = select(Profile.id).where(Profile.id > after[0]).order_by(Profile.id)
    last = runtime.session.scalar(window.offset(WINDOW - 1).limit(1))
    bounds = [Profile.id >= after[0], *([Profile.id <= last] if last is not None else [])]
    found = runtime.session.execute(
        select(Visitor, Profile)
        .join(Visitor, Visitor.name_key == Profile.name_key)
        .where(here, *bounds, Profile.name_key != "", *_open())
        .order_by(Profile.id, Visitor.id)
        .limit(SIZE + 1)
    ).all()
    rows = [Pair(visitor, profile) for visitor, profile in found[:SIZE]]
    if len(found) > SIZE:
        return Pairs(rows=rows, after=(rows[-1].profile.id, rows[-1].visitor.id))
    return Pairs(rows=rows, after=(last, LARGEST) if last is not None else None)


@requires(Permission.VIEW)
def waiting(runtime: Runtime) -> Sequence[WaitingContact]:
    """Return what waits for an operator, the oldest first."""
    rows = select(WaitingContact).options(joinedload(WaitingContact.visitor))
    ordered = rows.order_by(WaitingContact.shared_at, WaitingContact.visitor_id)
    return runtime.session.scalars(ordered.limit(SIZE)).all()


@requires(Permission.VIEW)
def waits_of(runtime: Runtime, visitor_id: int) -> WaitingContact | None:
    """Return what waits of one visitor."""
    with_visitor = joinedload(WaitingContact.visitor)
    return runtime.session.get(WaitingContact, visitor_id, options=[with_visitor])


@requires(Permission.VIEW)
def number_waiting(runtime: Runtime) -> int:
    """Return how many wait, up to a hundred."""
    rows = select(WaitingContact.visitor_id).limit(100).subquery()
    return runtime.session.scalar(select(func.count()).select_from(rows)) or 0
