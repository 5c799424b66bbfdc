"""Turns errors into pages: each names its cause and the next step."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError, same_origin
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from channels import ChannelError
from webapp.kernel import faults
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict, FanfareError, Invalid, NotAllowed, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.operators import auth

log = logging.getLogger(__name__)

STATUS = {NotFound: 404, Conflict: 409, NotAllowed: 403, Invalid: 422}


def init(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(FanfareError, of_use_case)
    app.register_error_handler(ChannelError, of_channel)
    app.register_error_handler(DBAPIError, of_database)
    app.register_error_handler(CSRFError, of_forged_request)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, of_bug)


def page(status: int, message: str) -> Response:
    """Render the page of an error, or its fragment."""
    return htmx.render(
        "errors/error.html",
        fragment="errors/_error.html",
        status=status,
        error_status=status,
        message=message,
    )


def of_use_case(fault: FanfareError) -> Response:
    """Answer with the sentence of the use-case."""
    return page(STATUS.get(type(fault), 422), fault.message)


def of_channel(fault: ChannelError) -> Response:
    """Answer with what the network's plugin said."""
    return page(502, fault.message)


def of_forged_request(_fault: CSRFError) -> Response:
    """Explain a form that was opened in another session, or came by another way than its page."""
    wrong_way = _of_the_way()
    if not wrong_way and auth.is_refused_without_login():
        return page(401, _logged_out())
    return page(400, wrong_way or _too_old())


def _logged_out() -> str:
    return _(
        "You are logged out, so nothing was saved. Log in in another tab, then go back to the "
        "form: what you wrote is still there."
    )


def _of_the_way() -> str:
    """Return what is wrong between browser and Fanfare; empty when nothing is."""
    if not request.is_secure:
        return _over_http() if current_app.config["SESSION_COOKIE_SECURE"] else ""
    if not request.referrer:
        return _(
            "Your browser does not say from which page it sends this form. "
            "Let it send the header Referer to this site."
        )
    if same_origin(request.referrer, f"https://{request.host}/"):
        return ""
    return _(
        "This form came from %(there)s, but Fanfare was asked at %(here)s. The reverse proxy must "
        "pass on host and port as the browser asked for them, see docs/operating.md.",
        there=urlsplit(request.referrer).netloc,
        here=request.host,
    )


def _over_http() -> str:
    return _(
        "Fanfare keeps its cookies for HTTPS, and this form came over HTTP. Open the page with "
        "https://; behind a reverse proxy, FANFARE_PROXIES must count it."
    )


def _too_old() -> str:
    return _("This form is too old. Go back, reload the page and send it again.")


def of_database(fault: DBAPIError) -> Response:
    """Say what keeps the database from being used, and that nothing was saved."""
    db.session.rollback()
    # Whose language the sentence is said in is not asked of a database that is down.
    g.database_down = "_login_user" not in g
    said = faults.of_database(fault)
    if said is None:
        g.database_down = False
        return of_bug(fault)
    log.error("%s (%s)", said, fault.orig)
    kept = _("Nothing was saved. Your browser still has what you wrote: go back to it.")
    return page(503, f"{said} {kept}" if request.method == "POST" else said)


def of_http(fault: HTTPException) -> Response:
    """Answer an HTTP error with a sentence of ours."""
    status = fault.code or 500
    sentences = {
        401: _logged_out(),
        403: _("Your role does not allow this. An administrator can change it."),
        404: _("There is nothing at this address."),
        405: _("This address does not take that kind of request."),
        413: _(
            "A form holds at most 500 kB, a file 16 MB. Go back to shorten it; nothing was saved."
        ),
    }
    return page(status, sentences.get(status) or str(fault.description))


def of_bug(fault: Exception) -> Response:
    """Log an error nobody foresaw and say so."""
    log.exception("A request failed.", exc_info=fault)
    db.session.rollback()
    return page(500, _("Something went wrong inside Fanfare. It is in the log of the web server."))
