"""The visitors of a list as plain rows, for a file of any length."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select

from webapp.audience import consent
from webapp.audience.models import Subscription, Visitor
from webapp.audience.visitors import people
from webapp.kernel.db import reading, streams
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming


def columns(zone: str) -> dict[str, str]:
    """Return the heads of the columns, as the page calls them."""
    return {
        "username": _("Username"),
        "name": _("Name"),
        "friends": naming.headed(naming.everybody()),
        "verified": _("Verified"),
        "first_seen": _("First seen (%(zone)s)", zone=zone),
        "account": _("Account"),
        "standing": _("May be messaged"),
        "network_id": _("Id on the network"),
    }


def _standings() -> dict[str, str]:
    """Return what the pages say of each standing."""
    return {
        "opted_in": _("yes: opted in"),
        "wrote_first": _("yes: wrote first"),
        "wrote_stop": _("no: opted out"),
        "in_doubt": _("no: in doubt"),
        "no_consent": _("no: never asked"),
        "quarantine": _("no: in quarantine"),
        "accepts_none": _("no: accepts no messages"),
        "own_account": _("no: your own account"),
    }


@requires(Permission.EXPORT)
def rows(runtime: Runtime, query: people.Query) -> Iterator[dict[str, Any]]:
    """Yield all that match, a batch in memory at a time; nobody who writes waits for it."""
    words = _Words.of_now()
    # Begun when the first row is taken, which is after the request.
    with reading():
        names = {service.id: str(service.bare_name) for service in people.listed(runtime, query)}
        for part in people.every(runtime, query):
            read = _reading(part, list(names), descending=query.descending)
            for line in _of_each(streams.rows_of(runtime.session, read)):
                yield _row(line, names, words)
        runtime.session.rollback()


@dataclass(frozen=True, slots=True)
class _Words:
    """What the pages say, in the language of whoever reads; found once for all rows."""

    standings: Mapping[str, str]
    verified: Mapping[bool | None, str]

    @classmethod
    def of_now(cls) -> "_Words":
        return cls(_standings(), {True: _("yes"), False: _("no"), None: ""})


Line = tuple[Any, ...]


def _of_each(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the first line of each person: of several ties the one that says most comes first."""
    last = None
    for line in lines:
        if line[0] != last:
            last = line[0]
            yield line


def _reading(part: Select[Any], services: Sequence[int], *, descending: bool) -> Select[Any]:
    """Select what the lines of some people are made of, in their order.

    One statement reads them all: no more is read of a million people, and no objects are made.
    """
    who, tie = Visitor.__table__.c, Subscription.__table__.c
    found = part.order_by(None).subquery("found")
    names = ("id", "handle", "name", "follower_count", "verified", "first_seen_at", "remote_id")
    mine = and_(tie.visitor_id == who.id, tie.service_id.in_(services))
    order = [key.desc() if descending else key.asc() for key in (found.c.key, found.c.id)]
    best = (consent.rank_in_sql(), tie.id) if len(services) > 1 else ()
    return (
        select(*(who[name] for name in names), tie.service_id, consent.standing_in_sql())
        .select_from(found)
        .join(Visitor.__table__, who.id == found.c.id)
        .outerjoin(Subscription.__table__, mine)
        .order_by(*order, *best)
    )


def _row(line: Line, names: Mapping[int, str], words: _Words) -> dict[str, Any]:
    _id, handle, name, friends, verified, seen, remote_id, service_id, code = line
    return {
        "username": handle,
        "name": name,
        "friends": friends,
        "verified": words.verified[verified],
        "first_seen": seen,
        "account": "" if service_id is None else names[service_id],
        "standing": words.standings.get(code, code),
        "network_id": remote_id,
    }
