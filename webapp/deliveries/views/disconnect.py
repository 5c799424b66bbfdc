"""Disconnect an account, unless something still goes out from it."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries import disconnecting
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.words import _
from webapp.operators.access import Permission, needs


@blueprint.post("/services/<int:service_id>/disconnect")
@needs(Permission.ADMIN)
def disconnect(service_id: int) -> ResponseReturnValue:
    """Disconnect the account; its history stays."""
    service = disconnecting.disconnect(g.runtime, service_id)
    flash(_("@%(name)s is disconnected; its history stays.", name=service.internal_name))
    return redirect(url_for("services.index"), code=303)
