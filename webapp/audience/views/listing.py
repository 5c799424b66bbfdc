"""The list of visitors: views, search, filters, sort and pages, all in the address."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, g, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from webapp.audience import consent, forms, paging, people
from webapp.audience.filters import Condition
from webapp.audience.forms import Editor, EditorPage
from webapp.audience.views.blueprint import blueprint
from webapp.kernel import htmx
from webapp.kernel.db import reading
from webapp.kernel.formats import number
from webapp.kernel.values import whole
from webapp.kernel.words import _
from webapp.operators.access import Permission, needs
from webapp.services import accounts

WEEK = timedelta(days=7)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
KEPT = ("view", "q", "service", "folder", "sort", "order", "size")


def _yes(field: str) -> list[Condition]:
    return [{"field": field, "op": "is", "value": "yes"}]


def _views() -> dict[str, tuple[str, list[Condition]]]:
    since = (g.runtime.now() - WEEK).date().isoformat()
    return {
        "all": (_("All"), []),
        "subscribers": (_("Subscribers"), _yes("follows")),
        "messaged": (_("May be messaged"), _yes("may_be_messaged")),
        "wrote": (_("Wrote first"), _yes("wrote_first")),
        "new": (_("New this week"), [{"field": "first_seen", "op": "since", "value": since}]),
        "lost": (_("Lost"), _yes("stopped_following")),
        "quarantine": (_("Quarantine"), _yes("quarantine")),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One address of the list: what it asks for, and the addresses near it."""

    query: people.Query
    editor: Editor
    view: str

    def url(self, endpoint: str = "audience.visitors", **changes: Any) -> str:
        """Return the address with some values changed; `None` takes one out."""
        said = {name: request.args[name] for name in KEPT if request.args.get(name)} | changes
        pairs = [(name, str(value)) for name, value in said.items() if value is not None]
        pairs += [("where", item) for item in self.editor.spelled]
        base = url_for(endpoint)
        return f"{base}?{urlencode(pairs)}" if pairs else base

    def sorted_url(self, sort: str) -> str:
        """Return the address sorted by a column; the second time the other way round."""
        falling = not self.query.descending if sort == self.query.sort else sort == "friends"
        return self.url(sort=sort, order="desc" if falling else "asc")

    @property
    def narrowed(self) -> bool:
        """Whether more than the view says who is shown."""
        asked = self.query
        return bool(asked.words or self.editor.spelled or asked.service_id or asked.folder_id)

    def tabs(self) -> list[tuple[str, str, str, str | None]]:
        """Return the views as tabs, with how many each holds while nothing else is asked for."""
        return [
            (
                name,
                label,
                self.url(view=None if name == "all" else name),
                None if self.narrowed else _size(conditions),
            )
            for name, (label, conditions) in _views().items()
        ]


def _size(conditions: list[Condition]) -> str:
    found = people.quick_count(g.runtime, people.Query(conditions=conditions))
    return number(found.number) + ("+" if found.more else "")


@blueprint.get("/audience/visitors")
@needs(Permission.VIEW)
def visitors() -> ResponseReturnValue:
    """Show a page of the list; typing a name changes only the rows."""
    listing = _listing()
    if listing.editor.changed:
        return htmx.go(listing.url())
    page = None if listing.editor.unread else people.search(g.runtime, listing.query)
    return htmx.render(
        "audience/visitors.html",
        fragment="audience/_visitors.html",
        listing=listing,
        editor=listing.editor,
        found=page,
        standing=consent.standing,
        services=accounts.every(g.runtime),
        folders=people.folders(g.runtime),
        status=listing.editor.status,
    )


@blueprint.get("/audience/visitors.csv")
@needs(Permission.VIEW)
def visitors_csv() -> Response:
    """Stream all that the address matches; memory does not grow with it."""
    lines = people.every(g.runtime, _listing().query)
    return Response(
        stream_with_context(_csv(lines)),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=visitors.csv"},
    )


def _csv(lines: Iterator[people.Line]) -> Iterator[str]:
    # Begun here, after the request: it must not keep those waiting who write.
    with reading():
        yield from _rows(lines)
        g.runtime.session.rollback()


def _rows(lines: Iterator[people.Line]) -> Iterator[str]:
    yield _row(["username", "name", "friends", "verified", "first_seen", "service", "standing"])
    for line in lines:
        tie, who = line.subscription, line.visitor
        yield _row(
            [
                who.handle,
                who.name,
                who.friends,
                {True: "yes", False: "no", None: ""}[who.verified],
                who.first_seen_at.isoformat(),
                tie.service.internal_name if tie else "",
                consent.standing(tie, who) if tie else "",
            ]
        )


def _row(cells: list[object]) -> str:
    """Write one line; a text that a spreadsheet would run as a formula is quoted."""
    texts = ["" if cell is None else str(cell) for cell in cells]
    out = io.StringIO()
    csv.writer(out).writerow([f"'{text}" if text.startswith(DANGEROUS) else text for text in texts])
    return out.getvalue()


def _listing() -> Listing:
    args = request.args
    keep = [(name, args[name]) for name in KEPT if args.get(name)]
    editor = forms.read(args, EditorPage(action=url_for("audience.visitors"), keep=keep))
    view = args.get("view", "all")
    conditions = _views().get(view, _views()["all"])[1]
    query = people.Query(
        words=args.get("q", ""),
        service_id=args.get("service", type=whole),
        folder_id=args.get("folder", type=whole),
        conditions=[*conditions, *editor.conditions],
        after=args.get("after", type=whole),
        before=args.get("before", type=whole),
    )
    return Listing(query=_ordered(query), editor=editor, view=view)


def _ordered(query: people.Query) -> people.Query:
    sort, size = request.args.get("sort", "friends"), request.args.get("size", type=whole)
    paging.column(sort)
    falling = request.args.get("order", "desc" if sort == "friends" else "asc") == "desc"
    known = size if size in people.SIZES else people.SIZES[0]
    return replace(query, sort=sort, descending=falling, size=known)
