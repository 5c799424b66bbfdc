"""The visitors of a list as plain rows, for a file of any length."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, and_, bindparam, select

from webapp.audience import consent
from webapp.audience.models import Subscription, Visitor
from webapp.audience.visitors import people
from webapp.kernel.db import dialect_of, reading
from webapp.kernel.db.bulk import ROWS, document_of, table_of
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
        for ids in people.every(runtime, query):
            yield from (_row(line, names, words) for line in _lines(runtime, ids, names))
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


def _lines(runtime: Runtime, ids: Sequence[int], services: Collection[int]) -> Iterator[Line]:
    """Yield a line for each person, in the order of `ids`, with the tie that says most."""
    given = {ROWS: document_of((visitor_id,) for visitor_id in ids), "services": list(services)}
    found: dict[int, Line] = {}
    query = _reading(dialect_of(runtime.session), several=len(services) > 1)
    for row in runtime.session.execute(query, given):
        # Of several ties the best comes first.
        found.setdefault(row[0], row)
    return (found[visitor_id] for visitor_id in ids if visitor_id in found)


@cache
def _reading(dialect: str, *, several: bool) -> Any:
    """Select what a line is made of; no more is read of a million people, and no objects made."""
    who, tie = Visitor.__table__.c, Subscription.__table__.c
    given = table_of(dialect, {"id": Integer()})
    services = tie.service_id.in_(bindparam("services", expanding=True))
    names = ("id", "handle", "name", "follower_count", "verified", "first_seen_at", "remote_id")
    query = (
        select(*(who[name] for name in names), tie.service_id, consent.standing_in_sql())
        .select_from(Visitor.__table__)
        .outerjoin(Subscription.__table__, and_(tie.visitor_id == who.id, services))
        .where(who.id.in_(select(given.c.id)))
    )
    return query.order_by(consent.rank_in_sql(), tie.id) if several else query


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
