"""Begin the message that follows a yes to messages of an account."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.drafts import follow_ups
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.errors import Invalid
from webapp.kernel.text.cleaning import whole
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts


@blueprint.post("/services/<int:service_id>/follow-up")
@needs(Permission.WRITE)
def begin_follow_up(service_id: int) -> ResponseReturnValue:
    """Make the draft and open the composer; the account says what was wrong with the choice."""
    service = accounts.get(g.runtime, service_id)
    wanted, imports = request.form.get("template", type=whole), "imports" in request.form
    try:
        delivery = follow_ups.begin(g.runtime, service, wanted, imports=imports)
    except Invalid as fault:
        flash(fault.message, "refused")
        return redirect(url_for("services.show", service_id=service_id), code=303)
    return redirect(url_for("deliveries.compose", delivery_id=delivery.id), code=303)
