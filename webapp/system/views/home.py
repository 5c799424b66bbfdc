"""Home and the search over everything."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.audience.growth import growth
from webapp.deliveries import listing as deliveries
from webapp.kernel import htmx
from webapp.kernel.formats import money
from webapp.kernel.words import _
from webapp.operators.access import Permission, needs
from webapp.operators.gate import current_operator
from webapp.operators.models import Role
from webapp.services import listing
from webapp.system import agenda, attention, health, trying
from webapp.system import search as finding
from webapp.system.views.blueprint import blueprint
from webapp.workflows import reading


@blueprint.get("/")
@needs(Permission.VIEW)
def home() -> ResponseReturnValue:
    """Show what needs the operator, what goes out and what comes next."""
    services = listing.summaries(g.runtime)
    operator = current_operator()
    if not services and operator and operator.role is Role.ADMIN:
        return redirect(url_for("operators.doors"), code=303)
    return htmx.render(
        "system/home.html",
        fragment="system/_home.html",
        now=g.runtime.now(),
        services=services,
        needs_you=attention.needs_you(g.runtime),
        needed=deliveries.number_needing(g.runtime),
        in_doubt=attention.in_doubt(g.runtime),
        to_fix=attention.to_fix(g.runtime),
        going_out=agenda.going_out(g.runtime),
        coming=agenda.coming(g.runtime),
        growth=growth(g.runtime),
        workflows=reading.lines(g.runtime),
        report=health.report(g.runtime),
    )


@blueprint.post("/try/<kind>")
@needs(Permission.ADMIN)
def try_sandbox(kind: str) -> ResponseReturnValue:
    """Fill the sandbox of a channel with life."""
    cost = trying.fill(g.runtime, kind)
    flash(_("The sandbox is connected. Its followers arrive while you look around."))
    if cost:
        counted = _("The network would charge at least %(cost)s for that.", cost=money(cost))
        flash(counted + " " + _("It is counted, and nothing is paid."))
    return redirect(url_for("system.home"), code=303)


@blueprint.get("/search")
@needs(Permission.VIEW)
def search() -> Response:
    """Show what matches the words, a few of each kind."""
    words = request.args.get("q", "")
    return htmx.render(
        "system/search.html",
        fragment="system/_found.html",
        words=words,
        found=finding.search(g.runtime, words),
    )
