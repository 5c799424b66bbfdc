"""Pages of profiles by key: few matches are gathered and sorted, many are met along an index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import tags
from webapp.profiles.listing.query import Query
from webapp.profiles.models import Profile, ProfileLink, Tag

# Up to so many matches are counted, and sorted; of more, only that there are more is told.
MOST = 5_000

SORTS: dict[str, Any] = {
    "name": Profile.sort_key,
    "email": Profile.email_key,
    "created": Profile.created_at,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One profile of a list, with its tags and how many visitors it is."""

    profile: Profile
    tags: Sequence[Tag]
    visitors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some profiles in order; `number` of all, or `more` than that."""

    lines: Sequence[Line]
    earlier: bool
    later: bool
    number: int
    more: bool


@requires(Permission.VIEW)
def search(runtime: Runtime, query: Query) -> Page:
    """Return one page; its cost does not grow with how far down it is."""
    number, more = counted(runtime, query)
    edge = _edge(runtime, query)
    backwards = edge is not None and query.before is not None
    ids: list[int] = []
    for part in parts(query, gather=not more, edge=edge, backwards=backwards):
        if len(ids) <= query.size:
            ids += runtime.session.scalars(part.limit(query.size + 1 - len(ids)))
    beyond, ids = len(ids) > query.size, ids[: query.size]
    lines = _lines(runtime, ids[::-1] if backwards else ids)
    earlier, later = (beyond, True) if backwards else (edge is not None, beyond)
    return Page(lines=lines, earlier=earlier, later=later, number=number, more=more)


def counted(runtime: Runtime, query: Query) -> tuple[int, bool]:
    """Return how many match, as far as that is quick, and whether there are more."""
    ids = select(Profile.id).where(*query.gathered()).limit(MOST + 1).subquery()
    number = runtime.session.scalar(select(func.count()).select_from(ids)) or 0
    return min(number, MOST), number > MOST


def column(sort: str) -> Any:
    """Return what a sort compares; raise `Invalid` for one that does not exist."""
    if sort not in SORTS:
        raise Invalid(_("The list cannot be sorted by that."))
    return SORTS[sort]


def parts(
    query: Query, *, gather: bool, edge: Profile | None = None, backwards: bool = False
) -> Iterator[Select[Any]]:
    """Yield the statements whose ids, one after the other, stand behind `edge`.

    Who has no e-mail address comes last by it, whichever way the others stand.
    """
    key = column(query.sort)
    falling = query.descending is not backwards
    kinds = [key != "", key == ""] if query.sort == "email" else [key.is_not(None)]
    kinds = kinds[::-1] if backwards else kinds
    at = 0
    if edge is not None and len(kinds) > 1:
        at = int(bool(edge.email_key) is backwards)
    for number, kind in enumerate(kinds[at:]):
        behind = edge if number == 0 else None
        tests = [kind, *_behind(key, behind, falling=falling)]
        yield _part(query, tests, gather=gather, falling=falling)


def _behind(key: Any, edge: Profile | None, *, falling: bool) -> list[ColumnElement[bool]]:
    if edge is None:
        return []
    here, there = tuple_(key, Profile.id), (getattr(edge, key.key), edge.id)
    return [here < there if falling else here > there]


def _part(
    query: Query, tests: Sequence[ColumnElement[bool]], *, gather: bool, falling: bool
) -> Select[Any]:
    key = column(query.sort)
    order = [item.desc() if falling else item.asc() for item in (key, Profile.id)]
    rows = select(Profile.id).where(*tests).order_by(*order)
    if gather:
        found = select(Profile.id).where(*query.gathered())
        return rows.where(Profile.id.in_(found))
    # SQLite keeps no statistics of values and would rather sort a million rows.
    hint = f"INDEXED BY ix_profile_{key.key}_id"
    return rows.where(*query.of_each()).with_hint(Profile, hint, "sqlite")


def _edge(runtime: Runtime, query: Query) -> Profile | None:
    """Return where the page begins; one that went meanwhile leads back to the first page."""
    edge_id = query.before if query.before is not None else query.after
    return runtime.session.get(Profile, edge_id) if edge_id is not None else None


def _lines(runtime: Runtime, ids: Sequence[int]) -> list[Line]:
    found = runtime.session.scalars(select(Profile).where(Profile.id.in_(ids)))
    rows = {row.id: row for row in found}
    theirs = tags.of(runtime, ids)
    linked = dict(
        runtime.session.execute(
            select(ProfileLink.profile_id, func.count())
            .where(ProfileLink.profile_id.in_(ids))
            .group_by(ProfileLink.profile_id)
        ).all()
    )
    return [
        Line(profile=rows[number], tags=theirs[number], visitors=linked.get(number, 0))
        for number in ids
        if number in rows
    ]
