"""The list of visitors: views, search, filters, sort and pages, all in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.audience import consent, forms
from webapp.audience.filters import pinned
from webapp.audience.forms import Editor, EditorPage
from webapp.audience.views.blueprint import blueprint
from webapp.audience.visitors import export, list_counts, paging, people, presets
from webapp.audience.visitors.list_counts import Numbers, WholeList
from webapp.kernel.text import csv
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts

KEPT = ("view", "q", "service", "folder", "sort", "order", "size")


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

    @property
    def whole(self) -> WholeList | None:
        """The list that is shown, while nobody searches it."""
        asked = self.query
        if asked.words or self.editor.spelled:
            return None
        view = self.view if self.view in presets.presets(g.runtime) else presets.ALL
        return WholeList(view=view, service_id=asked.service_id, folder_id=asked.folder_id)

    def lists(self) -> list[WholeList]:
        """Return the lists whose numbers the page says: those of the tabs, and the one shown."""
        views = [] if self.narrowed else [WholeList(view=name) for name in _views()]
        return list(dict.fromkeys([*views, *filter(None, [self.whole])]))

    def tabs(self, numbers: Numbers) -> list[tuple[str, str, str, str | None]]:
        """Return the views as tabs, with how many each holds while nothing else is asked for."""
        return [
            (
                name,
                preset.label,
                self.url(view=None if name == presets.ALL else name),
                None if self.narrowed else str(numbers[WholeList(view=name)]),
            )
            for name, preset in _views().items()
        ]


def _views() -> Mapping[str, presets.Preset]:
    return presets.presets(g.runtime)


@blueprint.get("/audience/visitors")
@needs(Permission.VIEW)
def visitors() -> ResponseReturnValue:
    """Show a page of the list; typing a name changes the rows and the addresses that repeat it."""
    listing = _listing()
    if listing.editor.changed:
        return htmx.go(listing.url())
    count = list_counts.counted if request.args.get("recount") else list_counts.known
    numbers = count(g.runtime, listing.lists())
    whole = numbers[listing.whole] if listing.whole else None
    known = whole.count if whole else None
    page = None if listing.editor.unread else people.search(g.runtime, listing.query, known)
    return htmx.render(
        "audience/visitors.html",
        fragment="audience/_searched.html",
        listing=listing,
        tabs=listing.tabs(numbers),
        numbers=numbers,
        told=list_counts.told(g.runtime, numbers),
        editor=listing.editor,
        found=page,
        standing=consent.standing,
        services=accounts.every(g.runtime),
        folders=people.folders(g.runtime),
        status=listing.editor.status,
    )


@blueprint.get("/audience/visitors/numbers")
@needs(Permission.VIEW)
def visitor_numbers() -> ResponseReturnValue:
    """Count the lists of a page that shows what was counted before, and put the numbers there."""
    listing = _listing()
    if not htmx.wants_fragment():
        return htmx.go(listing.url(recount=1))
    numbers = list_counts.counted(g.runtime, listing.lists())
    told = list_counts.told(g.runtime, numbers, at=g.runtime.now())
    return htmx.render("audience/_numbers.html", listing=listing, numbers=numbers, told=told)


@blueprint.get("/audience/visitors.csv")
@needs(Permission.EXPORT)
def visitors_csv() -> ResponseReturnValue:
    """Stream all that the address matches; memory does not grow with it."""
    listing = _listing()
    if listing.editor.unread:
        # A file has no place for a fault, and without the condition it would hold everybody.
        return visitors()
    zone = g.runtime.zone
    lines = csv.lines(export.columns(zone.key), export.rows(g.runtime, listing.query), zone)
    now = g.runtime.now().astimezone(zone)
    return csv.attached(lines, "visitors", *_named(listing), at=now)


def _named(listing: Listing) -> list[str]:
    """Return what a file of this list is called after: the account, the view, that it is a part."""
    query = listing.query
    account = accounts.get(g.runtime, query.service_id).internal_name if query.service_id else ""
    view = listing.view if listing.view != presets.ALL else ""
    part = "filtered" if listing.editor.conditions or query.words else ""
    return [account, view, part]


def _listing() -> Listing:
    args = request.args
    keep = [(name, args[name]) for name in KEPT if args.get(name)]
    editor = forms.read(args, EditorPage(action=url_for("audience.visitors"), keep=keep))
    view = args.get("view", presets.ALL)
    conditions = presets.conditions(g.runtime, view)
    query = people.Query(
        words=args.get("q", ""),
        service_id=args.get("service", type=whole),
        folder_id=args.get("folder", type=whole),
        conditions=pinned([*conditions, *editor.conditions], g.runtime.zone),
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
