"""Home: what needs the operator, what goes out, what comes next."""

from flask import Response

from webapp.kernel import htmx
from webapp.operators.access import Permission, needs
from webapp.system.views.blueprint import blueprint


@blueprint.get("/")
@needs(Permission.VIEW)
def home() -> Response:
    """Show the first page of the day."""
    return htmx.render("system/home.html")
