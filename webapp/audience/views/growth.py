"""The figures behind the chart of followers, as a sheet."""

from flask import Response, g, request

from webapp.audience.growth import growth
from webapp.audience.growth_chart import chart
from webapp.audience.views.blueprint import blueprint
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.text import csv
from webapp.kernel.text.cleaning import whole
from webapp.kernel.text.formats import local
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts


@blueprint.get("/audience/growth.csv")
@needs(Permission.VIEW)
def growth_csv() -> Response:
    """Download how many came and went day by day, of one account or of all."""
    asked = request.args.get("service", type=whole)
    service = accounts.get(g.runtime, asked) if asked else None
    made = chart(growth(g.runtime, service), service)
    if made is None:
        raise NotFound(_("There is no day to tell of yet."))
    lines = csv.lines(made.columns, made.sheet, g.runtime.zone)
    name = service.internal_name if service else ""
    return csv.attached(lines, "growth", name, at=local(g.runtime.now()))
