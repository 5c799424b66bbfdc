"""The list of deliveries: views as tabs, filters in the address, one line for each."""

from flask import Response, g, request

from webapp.deliveries.queries import listing
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts


@blueprint.get("/deliveries")
@needs(Permission.VIEW)
def index() -> Response:
    """List the deliveries of a view that match the filters."""
    query = listing.Query(
        view=request.args.get("view", "all"),
        kind=request.args.get("kind", ""),
        service_id=request.args.get("account", type=whole),
        words=request.args.get("q", ""),
        after=request.args.get("after", type=whole),
        before=request.args.get("before", type=whole),
    )
    return htmx.render(
        "deliveries/index.html",
        fragment="deliveries/_list.html",
        query=query,
        filters=_filters(query),
        asked=_filters(query) | _edge(query),
        page=listing.page(g.runtime, query),
        counts=listing.counts(g.runtime),
        accounts=accounts.every(g.runtime),
        now=g.runtime.now(),
    )


def _edge(query: listing.Query) -> dict[str, object]:
    """Return where the page begins or ends, as it stands in an address."""
    edges = {"after": query.after, "before": query.before}
    return {name: value for name, value in edges.items() if value}


def _filters(query: listing.Query) -> dict[str, object]:
    """Return the filters that are set, as they stand in an address."""
    named: dict[str, object] = {
        "view": query.view if query.view != "all" else "",
        "kind": query.kind,
    }
    named |= {"account": query.service_id or "", "q": query.words.strip()}
    return {name: value for name, value in named.items() if value}
