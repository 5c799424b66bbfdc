"""The report of an account, as its address asks for it, and its figures as sheets."""

from collections.abc import Sequence

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery
from webapp.deliveries.views.show import tab_page
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.mail import is_set as mail_is_set
from webapp.kernel.text import csv
from webapp.kernel.text.formats import local
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.reports import asked, delivery_report, digests, report
from webapp.reports.asked import Asked
from webapp.reports.queries import deliveries
from webapp.reports.views.blueprint import blueprint
from webapp.services.connection import accounts
from webapp.services.models import Service


@blueprint.get("/reports")
@needs(Permission.VIEW)
def index() -> Response:
    """Show the report of an account over some days, beside those before."""
    services = accounts.every(g.runtime)
    try:
        wanted, faults = asked.read(g.runtime, request.args), {}
    except Invalid as fault:
        wanted, faults = asked.usual(g.runtime), fault.fields
    service = _chosen(services, wanted)
    made = report.report(g.runtime, service, wanted) if service and not faults else None
    return htmx.render(
        "reports/index.html",
        status=htmx.FORM_ERROR if faults else 200,
        services=services,
        service=service,
        asked=wanted.of(service.id) if service else wanted,
        faults=faults,
        report=made,
        presets=asked.PRESETS,
        mailed=digests.is_chosen(g.runtime, service) if service else False,
    )


@blueprint.get("/reports/<name>.csv")
@needs(Permission.VIEW)
def sheet(name: str) -> Response:
    """Download the figures of one part of the report."""
    wanted = asked.read(g.runtime, request.args)
    service = accounts.get(g.runtime, wanted.account or 0)
    found = report.section(g.runtime, service, wanted, name)
    lines = csv.lines(found.head, found.sheet, g.runtime.zone)
    return csv.attached(lines, "report", name, service.bare_name, at=local(g.runtime.now()))


@blueprint.post("/reports/<int:service_id>/mail")
@needs(Permission.VIEW)
def mail(service_id: int) -> ResponseReturnValue:
    """Send the report of an account to whoever asks every week, or no more."""
    wanted = request.form.get("wanted") == "yes"
    digests.choose(g.runtime, service_id, wanted=wanted)
    flash(_digest_told(wanted=wanted))
    return redirect(url_for("reports.index", account=service_id), code=303)


def _digest_told(*, wanted: bool) -> str:
    if not wanted:
        return _("You get no more mail about this account.")
    if not mail_is_set(g.runtime.settings):
        return _(
            "You are on the list, but this instance cannot send mail yet. Whoever runs it finds "
            "more under Settings, Mail."
        )
    return _("You get the report of each week by the workflow “Weekly reports by mail”.")


def _chosen(services: Sequence[Service], wanted: Asked) -> Service | None:
    """Return the account that was asked for, or else the one that sent something last."""
    if wanted.account:
        return accounts.get(g.runtime, wanted.account)
    last = deliveries.account_of_the_last(g.runtime)
    found = (item for item in services if item.id == last and not item.is_test)
    return next(found, services[0] if services else None)


@blueprint.get("/deliveries/<int:delivery_id>/report")
@needs(Permission.VIEW)
def of_delivery(delivery_id: int) -> Response:
    """Show what came of a delivery."""
    delivery = _began(delivery_id)
    return tab_page(
        "reports/delivery.html",
        delivery,
        tab="report",
        report=delivery_report.report(g.runtime, delivery),
    )


@blueprint.get("/deliveries/<int:delivery_id>/report/<name>.csv")
@needs(Permission.VIEW)
def sheet_of_delivery(delivery_id: int, name: str) -> Response:
    """Download the figures of one part of a delivery's report."""
    found = delivery_report.section(g.runtime, _began(delivery_id), name)
    lines = csv.lines(found.head, found.sheet, g.runtime.zone)
    return csv.attached(lines, f"report-{delivery_id}", name, at=local(g.runtime.now()))


def _began(delivery_id: int) -> Delivery:
    """Return a delivery of which there is something to tell; raise `NotFound`."""
    delivery = editing.get(g.runtime, delivery_id)
    delivery_report.refuse_nothing(delivery)
    return delivery
