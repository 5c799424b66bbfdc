"""The browsers that operators logged in with before: a signed cookie that outlives the log-out.

Whoever shows it is counted alone, so that nobody else's wrong passwords keep its owner out. It lets
nobody in.
"""

import secrets

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from webapp.operators.authentication.throttle import Device
from webapp.operators.models import Operator

COOKIE = "fanfare_device"
A_YEAR = 31_536_000


def device() -> Device | None:
    """Return the browser of this request, if an operator logged in with it before."""
    try:
        operator_id, name = _signer().loads(request.cookies.get(COOKIE, ""))
        return Device(operator_id=int(operator_id), name=str(name))
    except (BadSignature, TypeError, ValueError):
        return None


def remember(operator: Operator) -> None:
    """Let this browser show that `operator` logged in with it; it keeps the name it has."""
    known = device()
    name = known.name if known and known.operator_id == operator.id else secrets.token_urlsafe(12)
    value = _signer().dumps([operator.id, name])

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            value,
            max_age=A_YEAR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="device")
