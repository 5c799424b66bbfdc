"""Where the target of a link reports what came of a click; programs write there, and sign it."""

from http import HTTPStatus

from flask import Response, g, jsonify, request

from webapp.kernel.errors import FanfareError, Invalid, NotAllowed, NotFound
from webapp.kernel.web.security import csrf
from webapp.operators.access import Permission, needs
from webapp.tracking import conversions
from webapp.tracking.views.blueprint import blueprint

LONGEST = 10_000
STATUS = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAllowed: HTTPStatus.UNAUTHORIZED,
    NotFound: HTTPStatus.NOT_FOUND,
}


@blueprint.post("/l/conversions")
@needs(Permission.PUBLIC)
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
def report() -> tuple[Response, int]:
    """Keep what came of a click; the same report once more changes nothing."""
    request.max_content_length = LONGEST
    try:
        new = conversions.take(
            g.runtime, request.get_data(), request.headers.get("X-Fanfare-Signature", "")
        )
    except (Invalid, NotAllowed, NotFound) as fault:
        g.runtime.session.rollback()
        return _said(fault)
    return jsonify(stored=True, new=new), HTTPStatus.CREATED if new else HTTPStatus.OK


def _said(fault: FanfareError) -> tuple[Response, int]:
    fields = fault.fields if isinstance(fault, Invalid) else {}
    return jsonify(error=str(fault.message), fields=fields), STATUS[type(fault)]
