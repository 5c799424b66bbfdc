"""The pages behind the link of a message: public, without cookie and script, in its language.

The token in the address is the key, which nobody else's page knows: forms need no other one.
Opening a page changes nothing, since networks open links before people do.
"""

from collections.abc import Callable
from http import HTTPStatus

from flask import Response, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import in_language
from webapp.kernel.runtime import Runtime
from webapp.kernel.web.security import csrf
from webapp.operators.access import Permission, needs
from webapp.privacy import reader
from webapp.privacy.reader import Told
from webapp.privacy.views.blueprint import blueprint


@blueprint.get("/why/<token>")
@needs(Permission.PUBLIC)
def why(token: str) -> Response:
    """Tell the reader of a message who wrote, why, and what is stored of them."""
    return _page("privacy/why.html", token, reader.told)


@blueprint.post("/why/<token>/stop")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def why_stop(token: str) -> ResponseReturnValue:
    """End the messages of this account to them."""
    try:
        reader.stop(g.runtime, token)
    except NotFound:
        return _over()
    return redirect(url_for("privacy.why", token=token), code=HTTPStatus.SEE_OTHER)


@blueprint.get("/why/<token>/erase")
@needs(Permission.PUBLIC)
def why_erase_form(token: str) -> Response:
    """Show what would be erased, before anybody does."""
    return _page("privacy/why_erase.html", token, reader.to_erase)


@blueprint.post("/why/<token>/erase")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def why_erase(token: str) -> ResponseReturnValue:
    """Erase the reader, or write their wish down."""
    try:
        language = reader.to_erase(g.runtime, token).delivery.language
        done = reader.erase(g.runtime, token)
    except NotFound:
        return _over()
    with in_language(language):
        return _private(render_template("privacy/why_gone.html", done=done))


@blueprint.get("/privacy/messages/<int:message_id>")
@needs(Permission.VIEW)
def seen(message_id: int) -> Response:
    """Show an operator what the reader of a message is told, without the buttons."""
    return _told("privacy/why.html", reader.of_message(g.runtime, message_id), token="")


def _page(template: str, token: str, ask: Callable[[Runtime, str], Told]) -> Response:
    try:
        return _told(template, ask(g.runtime, token), token)
    except NotFound:
        return _over()


def _told(template: str, found: Told, token: str) -> Response:
    with in_language(found.delivery.language):
        return _private(render_template(template, told=found, token=token))


def _over() -> Response:
    return _private(render_template("privacy/why_gone.html", done=None), HTTPStatus.NOT_FOUND)


def _private(body: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Return a page that no search engine lists, and whose address no other site is told."""
    response = make_response(body, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
