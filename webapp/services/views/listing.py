"""The services, each with its state, its quota of today and its budget."""

from flask import Response, g

from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.services import listing
from webapp.services.views.blueprint import blueprint


@blueprint.get("/services")
@needs(Permission.VIEW)
def index() -> Response:
    """List the services, or show the doors when there is none."""
    return htmx.render(
        "services/index.html",
        services=listing.summaries(g.runtime),
        channels=list(g.runtime.registry),
    )
