"""The app's own token: it tells good consumer keys from bad ones, and reads what is public."""

from typing import Any

from flask import Blueprint, request

from plugins.x.sandbox import seed
from plugins.x.sandbox.gate import sandbox, world

blueprint = Blueprint("app_only", __name__)

REFUSED = {
    "errors": [
        {"code": 99, "message": "Unable to verify your credentials", "label": "authenticity_error"}
    ]
}


@blueprint.post("/oauth2/token")
def token() -> tuple[dict[str, Any], int]:
    """Give the token to whoever has the app's key and secret; X gives the same one each time."""
    given = request.authorization
    known = (seed.CONSUMER_KEY, seed.CONSUMER_SECRET)
    if given is None or (given.username, given.password) != known:
        return REFUSED, 403
    with sandbox().lock:
        return {"token_type": "bearer", "access_token": world().app_token}, 200
