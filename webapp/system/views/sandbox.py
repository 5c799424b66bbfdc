"""Removing the sandbox: what will go is shown first."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.system.setup import sandbox_removal
from webapp.system.views.blueprint import blueprint


@blueprint.get("/sandbox/remove")
@needs(Permission.ADMIN)
def sandbox() -> Response:
    """Show how much of the sandbox there is."""
    return htmx.render("system/sandbox.html", contents=sandbox_removal.contents(g.runtime))


@blueprint.post("/sandbox/remove")
@needs(Permission.ADMIN)
def remove_sandbox() -> ResponseReturnValue:
    """Remove the sandbox whole."""
    try:
        sandbox_removal.remove(g.runtime)
    except Conflict as fault:
        flash(fault.message, "refused")
        return redirect(url_for("system.sandbox"), code=303)
    flash(_("The sandbox is removed, with its people and deliveries."))
    return redirect(url_for("services.index"), code=303)
