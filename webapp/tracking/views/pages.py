"""What came of the links of a delivery and of an account, and whose clicks are kept."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.drafts import editing
from webapp.deliveries.views.show import tab_page
from webapp.kernel.i18n import _
from webapp.kernel.text import csv
from webapp.kernel.text.formats import local
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts
from webapp.services.views.show import tab_page as service_page
from webapp.tracking import charting, choices, queries
from webapp.tracking.views.blueprint import blueprint


@blueprint.get("/deliveries/<int:delivery_id>/clicks")
@needs(Permission.VIEW)
def of_delivery(delivery_id: int) -> Response:
    """Show who followed which link of a delivery, and when."""
    delivery = editing.get(g.runtime, delivery_id)
    clicks = queries.of_delivery(g.runtime, delivery)
    return tab_page(
        "tracking/delivery.html",
        delivery,
        tab="clicks",
        clicks=clicks,
        chart=charting.chart(clicks.quarters, "tracking.hours_csv", delivery_id=delivery.id),
    )


@blueprint.get("/deliveries/<int:delivery_id>/hours.csv")
@needs(Permission.VIEW)
def hours_csv(delivery_id: int) -> Response:
    """Download the figures behind the chart."""
    delivery = editing.get(g.runtime, delivery_id)
    made = charting.chart(queries.of_delivery(g.runtime, delivery).quarters)
    lines = csv.lines(made.columns if made else {}, made.sheet if made else (), g.runtime.zone)
    return csv.attached(lines, f"clicks-{delivery_id}", "over-time", at=local(g.runtime.now()))


@blueprint.get("/deliveries/<int:delivery_id>/clicks.csv")
@needs(Permission.EXPORT)
def clicks_csv(delivery_id: int) -> Response:
    """Download every click of a delivery that is kept, with its person where there is one."""
    delivery, zone = editing.get(g.runtime, delivery_id), g.runtime.zone
    lines = csv.lines(queries.columns(g.runtime), queries.export(g.runtime, delivery), zone)
    return csv.attached(lines, f"clicks-{delivery_id}", delivery.label, at=local(g.runtime.now()))


@blueprint.get("/services/<int:service_id>/clicks")
@needs(Permission.VIEW)
def of_service(service_id: int) -> Response:
    """Show what came of the links of an account's latest deliveries."""
    service = accounts.get(g.runtime, service_id)
    quarters = queries.quarters_of_service(g.runtime, service)
    return service_page(
        "tracking/service.html",
        service,
        tab="clicks",
        lines=queries.of_service(g.runtime, service),
        chart=charting.of_last_days(quarters, queries.DAYS, g.runtime.now()),
        days=queries.DAYS,
    )


@blueprint.post("/audience/visitors/<int:visitor_id>/clicks")
@needs(Permission.WRITE)
def let_be(visitor_id: int) -> ResponseReturnValue:
    """Keep the clicks of a person without them from now on, or with them again."""
    refused = request.form.get("refused") == "yes"
    choices.let_be(g.runtime, visitor_id, refused=refused)
    said = (
        _("Their clicks count from now on without telling who it was.")
        if refused
        else _("Their clicks are kept with them again from now on.")
    )
    flash(said)
    return redirect(url_for("audience.visitor", visitor_id=visitor_id), code=303)
