"""Disconnect an account, unless something still goes out from it."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.control import disconnecting
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.operators.access import Permission, needs


@blueprint.post("/services/<int:service_id>/disconnect")
@needs(Permission.ADMIN)
def disconnect(service_id: int) -> ResponseReturnValue:
    """Disconnect the account; its history stays, and so does an account that is still needed."""
    try:
        service = disconnecting.disconnect(g.runtime, service_id)
    except Conflict as fault:
        flash(fault.message, "refused")
        return redirect(url_for("services.show", service_id=service_id), code=303)
    flash(_("%(name)s is disconnected; its history stays.", name=service.shown_name))
    return redirect(url_for("services.index"), code=303)
