"""App-only tokens: what tells good consumer keys from bad ones."""

import secrets
from typing import Any

from flask import Blueprint, request

from plugins.x.sandbox import seed

blueprint = Blueprint("app_only", __name__)

REFUSED = {
    "errors": [
        {"code": 99, "message": "Unable to verify your credentials", "label": "authenticity_error"}
    ]
}


@blueprint.post("/oauth2/token")
def token() -> tuple[dict[str, Any], int]:
    """Give a token to whoever has the app's key and secret."""
    given = request.authorization
    known = (seed.CONSUMER_KEY, seed.CONSUMER_SECRET)
    if given is None or (given.username, given.password) != known:
        return REFUSED, 403
    return {"token_type": "bearer", "access_token": secrets.token_urlsafe(32)}, 200
