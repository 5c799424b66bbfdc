"""When posts of an account were seen most."""

from babel.dates import get_day_names
from flask import Response, g, request
from flask_babel import get_locale

from webapp.experiments import best_time
from webapp.experiments.views.blueprint import blueprint
from webapp.experiments.words import lift
from webapp.kernel.db import reading
from webapp.kernel.i18n import lazy_gettext
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts
from webapp.services.views.show import tab_page

MOST = 24
FIGURES = {
    "views": lazy_gettext("Views"),
    "likes": lazy_gettext("Likes"),
    "replies": lazy_gettext("Replies"),
    "reposts": lazy_gettext("Reposts"),
}


@blueprint.get("/services/<int:service_id>/best-time")
@needs(Permission.VIEW)
def best_time_of(service_id: int) -> Response:
    """Show the hours of the week by what a network counted of posts; figures are chosen by name."""
    service = accounts.get(g.runtime, service_id)
    asked = request.args.get("figure", "")
    figure = asked if asked in FIGURES else next(iter(FIGURES))
    with reading():
        found = best_time.best_time(g.runtime, service, figure)
    days = get_day_names(locale=get_locale())
    return tab_page(
        "experiments/best_time.html",
        service,
        tab="best_time",
        found=found,
        hours=[(f"{days[item.key[0]]}, {item.key[1]:02}:00", item) for item in found.hours[:MOST]],
        figures=FIGURES,
        fewest=best_time.FEWEST,
        lift=lift,
    )
