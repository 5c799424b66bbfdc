"""A copy of what is stored about somebody, as a file."""

import json

from flask import Response, g

from webapp.operators.access import Permission, needs
from webapp.privacy import copy
from webapp.privacy.views.blueprint import blueprint


@blueprint.post("/privacy/people/<int:visitor_id>/copy")
@needs(Permission.EXPORT)
def copy_of(visitor_id: int) -> Response:
    """Return a file with all that is stored about a person."""
    document = copy.document(g.runtime, visitor_id)
    body = json.dumps(document, ensure_ascii=False, indent=2)
    # The id of the row alone: a name would stand in the history of the browser.
    name = f'attachment; filename="person-{visitor_id}.json"'
    return Response(body, mimetype="application/json", headers={"Content-Disposition": name})
