"""The address at which a network tells what happened; public, since the signature is the key."""

from http import HTTPStatus

from flask import Response, g, request

from channels import ChannelError, ErrorKind, EventRequest
from webapp.deliveries import feedback
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.web.security import csrf
from webapp.operators.access import Permission, needs

# No network tells more at once.
MOST_BYTES = 2**20


@blueprint.route("/channels/<kind>/events/<token>", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def events(kind: str, token: str) -> Response:
    """Keep what a network tells, and answer what it wants to hear.

    A forged request is refused; one that cannot be read just now is asked for again.
    """
    request.max_content_length = MOST_BYTES
    told = EventRequest(
        body=request.get_data(),
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.args.to_dict(),
        method=request.method,
    )
    try:
        answer = feedback.receive(g.runtime, kind, token, told)
    except ChannelError as fault:
        refused = fault.kind is ErrorKind.PERMANENT
        return _plain("", HTTPStatus.FORBIDDEN if refused else HTTPStatus.SERVICE_UNAVAILABLE)
    return _plain(answer, HTTPStatus.OK if answer else HTTPStatus.NO_CONTENT)


def _plain(text: str, status: HTTPStatus) -> Response:
    return Response(text, status=status, mimetype="text/plain")
