"""The log of a delivery as CSV, written line by line while it is read."""

from flask import Response, g, request

from webapp.deliveries.drafts import editing
from webapp.deliveries.queries import log
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.text import csv
from webapp.operators.access import Permission, needs


@blueprint.get("/deliveries/<int:delivery_id>/log.csv")
@needs(Permission.EXPORT)
def export(delivery_id: int) -> Response:
    """Send the whole log, or the messages of one state."""
    delivery = editing.get(g.runtime, delivery_id)
    state, zone = request.args.get("state", ""), g.runtime.zone
    name, now = delivery.label, g.runtime.now().astimezone(zone)
    lines = log.sheet(log.export(g.runtime, delivery_id, state=state), zone)
    return csv.attached(lines, f"delivery-{delivery_id}", name, state, at=now)
