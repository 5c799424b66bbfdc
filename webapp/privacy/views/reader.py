"""The pages behind the links of a message: public, without cookie and script, in its language.

The token in the address is the key, which nobody else's page knows: forms need no other one.
Opening a page changes nothing, since networks open links before people do.
"""

import math
from collections.abc import Callable
from http import HTTPStatus

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.audience.models import ConsentSource
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import in_language
from webapp.kernel.runtime import Runtime
from webapp.kernel.web.security import csrf
from webapp.operators.access import Permission, needs
from webapp.operators.authentication.throttle import TooSoon
from webapp.privacy import reader
from webapp.privacy.reader import Told
from webapp.privacy.views.blueprint import blueprint

BY_PROGRAM = ConsentSource.ONE_CLICK
ONE_CLICK = ("List-Unsubscribe", "One-Click")


@blueprint.before_request
def slow_down_guesses() -> ResponseReturnValue | None:
    """Let whoever tries links that nobody made wait; a true link is never refused."""
    token = (request.view_args or {}).get("token")
    if token is None:
        return None
    try:
        reader.guess(g.runtime, token, request.remote_addr or "")
    except TooSoon as refused:
        page = render_template("privacy/why_gone.html", done=None, fault=refused.message)
        answer = _private(page, HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(math.ceil(refused.wait.total_seconds()))
        return answer
    return None


@blueprint.get("/stop/<token>")
@needs(Permission.PUBLIC)
def why_end_page(token: str) -> Response:
    """Ask the reader of a message whether they want no more of them, or tell that it is so."""
    return _page("privacy/stop.html", token, reader.told)


@blueprint.post("/stop/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def why_end(token: str) -> ResponseReturnValue:
    """End the messages: at the press of the button, or by one click of a mail program (RFC 8058).

    Such a program is answered at once, since it follows no redirect.
    """
    name, value = ONE_CLICK
    if request.form.get(name) != value:
        return _ended(token, "privacy.why_end_page")
    try:
        return _told("privacy/stop.html", reader.stop(g.runtime, token, BY_PROGRAM), token)
    except NotFound:
        return _over()


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
    return _ended(token, "privacy.why")


@blueprint.post("/why/<token>/clicks")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def why_clicks(token: str) -> ResponseReturnValue:
    """Keep clicks without their reader from now on, or with them again."""
    try:
        reader.let_clicks_be(g.runtime, token, refused=request.form.get("refused") != "no")
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


def _ended(token: str, endpoint: str) -> ResponseReturnValue:
    try:
        reader.stop(g.runtime, token)
    except NotFound:
        return _over()
    return redirect(url_for(endpoint, token=token), code=HTTPStatus.SEE_OTHER)


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
