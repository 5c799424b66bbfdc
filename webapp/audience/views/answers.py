"""Files of what people answered about being written to."""

from flask import g
from flask.typing import ResponseReturnValue

from webapp.audience.consents import export
from webapp.audience.views.blueprint import blueprint
from webapp.kernel.text import csv
from webapp.operators.access import Permission, needs


@blueprint.get("/audience/visitors/<int:visitor_id>/consents.csv")
@needs(Permission.EXPORT)
def answers_csv(visitor_id: int) -> ResponseReturnValue:
    """Give all that a person answered, with wording and proof."""
    zone = g.runtime.zone
    rows = export.of_person(g.runtime, visitor_id)
    lines = csv.lines(export.columns(zone.key), rows, zone)
    now = g.runtime.now().astimezone(zone)
    return csv.attached(lines, "consents", str(visitor_id), at=now)


@blueprint.get("/audience/consents.csv")
@needs(Permission.EXPORT)
def all_answers_csv() -> ResponseReturnValue:
    """Stream all that people answered; memory does not grow with it."""
    zone = g.runtime.zone
    lines = csv.lines(export.columns(zone.key), export.of_all(g.runtime), zone)
    return csv.attached(lines, "consents", at=g.runtime.now().astimezone(zone))
