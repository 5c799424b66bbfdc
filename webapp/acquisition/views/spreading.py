"""How people come to a page, and what came of it."""

from flask import Response, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.acquisition import pages, results, spreading
from webapp.acquisition.forms.editor import SourceForm
from webapp.acquisition.views.blueprint import blueprint
from webapp.acquisition.views.editing import PAGE
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.text import csv
from webapp.kernel.text.formats import local
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs

TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.get(f"{PAGE}/spread")
@needs(Permission.VIEW)
def spread(page_id: int) -> Response:
    """Show the address of a page with its sources, as a link, a code and a post."""
    return _spread(page_id, SourceForm(formdata=None))


@blueprint.post(f"{PAGE}/sources")
@needs(Permission.WRITE)
def choose_source(page_id: int) -> ResponseReturnValue:
    """Make a source, so that whoever comes from there is counted under its name."""
    form = SourceForm()
    if not form.validate_on_submit():
        return _spread(page_id, form, htmx.FORM_ERROR)
    try:
        made = spreading.choose(g.runtime, pages.get(g.runtime, page_id), text(form.source))
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _spread(page_id, form, htmx.FORM_ERROR)
    at = url_for("acquisition.spread", page_id=page_id, src=made)
    return redirect(at, code=303)


@blueprint.post(f"{PAGE}/deliver")
@needs(Permission.WRITE)
def deliver(page_id: int) -> ResponseReturnValue:
    """Begin a post that leads to the page."""
    try:
        delivery = spreading.deliver(g.runtime, pages.get(g.runtime, page_id))
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
        return redirect(url_for("acquisition.spread", page_id=page_id), code=303)
    return redirect(url_for("deliveries.compose", delivery_id=delivery.id), code=303)


@blueprint.get(f"{PAGE}/code.<any(svg, png):form>")
@needs(Permission.VIEW)
def qr_code(page_id: int, form: str) -> Response:
    """Download the code of a way to the page, to be printed."""
    page = pages.get(g.runtime, page_id)
    found = spreading.way(g.runtime, page, request.args.get("src", ""))
    response = make_response(spreading.code(found.address, form))
    response.headers["Content-Type"] = TYPES[form]
    name = "-".join(filter(None, (page.slug, found.source)))
    if "download" in request.args:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@blueprint.get(f"{PAGE}/results")
@needs(Permission.VIEW)
def page_results(page_id: int) -> Response:
    """Show how many came how far, from where, and who answered last."""
    page = pages.get(g.runtime, page_id)
    found = results.of_page(g.runtime, page)
    return htmx.render(
        "acquisition/results.html",
        page=page,
        found=found,
        words=results.words(),
        chart=results.chart(page, found),
    )


@blueprint.get(f"{PAGE}/results.csv")
@needs(Permission.VIEW)
def results_csv(page_id: int) -> Response:
    """Download the figures of each day."""
    page = pages.get(g.runtime, page_id)
    made = results.chart(page, results.of_page(g.runtime, page))
    lines = csv.lines(made.columns if made else {}, made.sheet if made else (), g.runtime.zone)
    return csv.attached(lines, page.slug, "days", at=local(g.runtime.now()))


def _spread(page_id: int, form: SourceForm, status: int = 200) -> Response:
    page = pages.get(g.runtime, page_id)
    unknown, found, chosen = "", [], None
    try:
        found = list(spreading.ways(g.runtime, page))
        chosen = spreading.way(g.runtime, page, request.args.get("src", ""))
    except Conflict as fault:
        unknown = fault.message
    return htmx.render(
        "acquisition/spread.html",
        status=status,
        page=page,
        form=form,
        ways=found,
        chosen=chosen,
        snippet=spreading.snippet(page, chosen.address) if chosen else "",
        unknown=unknown,
    )
