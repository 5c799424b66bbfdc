"""A copy of what is stored about somebody, as a file."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, g

from webapp.operators.access import Permission, needs
from webapp.privacy import copy
from webapp.privacy.views.blueprint import blueprint


@blueprint.post("/privacy/people/<int:visitor_id>/copy")
@needs(Permission.EXPORT)
def copy_of(visitor_id: int) -> Response:
    """Return a file with all that is stored about a person."""
    return _file(copy.document(g.runtime, visitor_id), f"person-{visitor_id}")


@blueprint.post("/privacy/profiles/<int:profile_id>/copy")
@needs(Permission.EXPORT)
def copy_of_profile(profile_id: int) -> Response:
    """Return a file with all that is stored about the person of a profile."""
    return _file(copy.document_of_profile(g.runtime, profile_id), f"profile-{profile_id}")


def _file(document: Mapping[str, Any], called: str) -> Response:
    body = json.dumps(document, ensure_ascii=False, indent=2)
    # The id of the row alone: a name would stand in the history of the browser.
    name = f'attachment; filename="{called}.json"'
    return Response(body, mimetype="application/json", headers={"Content-Disposition": name})
