"""The log of a delivery as CSV, written line by line while it is read."""

from flask import Response, g, request, stream_with_context

from webapp.deliveries import editing, log
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel import sheets
from webapp.operators.access import Permission, needs


@blueprint.get("/deliveries/<int:delivery_id>/log.csv")
@needs(Permission.VIEW)
def export(delivery_id: int) -> Response:
    """Send the whole log, or the messages of one state."""
    editing.get(g.runtime, delivery_id)
    rows = log.export(g.runtime, delivery_id, state=request.args.get("state", ""))
    lines = sheets.lines(log.COLUMNS, rows)
    answer = Response(stream_with_context(lines), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="delivery-{delivery_id}.csv"'
    return answer
