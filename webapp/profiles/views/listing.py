"""The list of profiles: search, filters, sort and pages, all in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.text import csv
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.profiles import languages, tags
from webapp.profiles.listing import counts, export, search
from webapp.profiles.listing.query import SIZES, Query
from webapp.profiles.models import Origin
from webapp.profiles.reconciliation import suggestions
from webapp.profiles.views.blueprint import blueprint

KEPT = ("q", "tag", "language", "origin", "linked", "sort", "order", "size")
LINKED = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Listing:
    """One address of the list: what it asks for, and the addresses near it."""

    query: Query

    def url(self, endpoint: str = "profiles.index", **changes: Any) -> str:
        """Return the address with some values changed; `None` takes one out."""
        said = {name: request.args[name] for name in KEPT if request.args.get(name)} | changes
        pairs = [(name, str(value)) for name, value in said.items() if value is not None]
        base = url_for(endpoint)
        return f"{base}?{urlencode(pairs)}" if pairs else base

    def sorted_url(self, sort: str) -> str:
        """Return the address sorted by a column; the second time the other way round."""
        falling = not self.query.descending if sort == self.query.sort else sort == "created"
        return self.url(sort=sort, order="desc" if falling else "asc")


@blueprint.get("/audience/profiles")
@needs(Permission.VIEW)
def index() -> ResponseReturnValue:
    """Show a page of the list; typing changes the rows alone."""
    listing = Listing(_query())
    return htmx.render(
        "profiles/index.html",
        fragment="profiles/_profiles.html",
        listing=listing,
        found=search.search(g.runtime, listing.query),
        number=counts.known(g.runtime),
        now=g.runtime.now(),
        tags=tags.every(g.runtime),
        origins=list(Origin),
        languages=languages.used(g.runtime),
        language_name=languages.name,
        asked=suggestions.number_waiting(g.runtime),
    )


@blueprint.get("/audience/profiles/number")
@needs(Permission.VIEW)
def number() -> ResponseReturnValue:
    """Count the profiles, and put the number where the page shows it."""
    found = counts.counted(g.runtime)
    if not htmx.wants_fragment():
        return htmx.go(Listing(_query()).url())
    return htmx.render("profiles/_number.html", number=found, now=g.runtime.now())


@blueprint.get("/audience/profiles.csv")
@needs(Permission.EXPORT)
def profiles_csv() -> ResponseReturnValue:
    """Stream all that the address matches; memory does not grow with it."""
    query, zone = _query(), g.runtime.zone
    lines = csv.lines(export.columns(g.runtime), export.rows(g.runtime, query), zone)
    part = "filtered" if query.narrowed else ""
    return csv.attached(lines, "profiles", part, at=g.runtime.now().astimezone(zone))


def _query() -> Query:
    args = request.args
    sort, size = args.get("sort", "name"), args.get("size", type=whole)
    search.column(sort)
    origin = args.get("origin", "")
    usual = "desc" if sort == "created" else "asc"
    return Query(
        words=args.get("q", ""),
        tag_id=args.get("tag", type=whole),
        language=args.get("language", ""),
        origin=Origin(origin) if origin in set(Origin) else None,
        linked=LINKED.get(args.get("linked", "")),
        sort=sort,
        descending=args.get("order", usual) == "desc",
        after=args.get("after", type=whole),
        before=args.get("before", type=whole),
        size=size if size in SIZES else SIZES[0],
    )
