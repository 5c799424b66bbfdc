"""Short links: public, without session, cookie or script, and with headers of their own."""

from http import HTTPStatus

from flask import Response, g, request

from webapp.kernel.i18n import _
from webapp.operators.access import Permission, needs
from webapp.tracking import redirects
from webapp.tracking.answering import HEADERS
from webapp.tracking.views.blueprint import blueprint

PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>{0}</title><p>{0}</p></html>\n'


@blueprint.get("/l/<token>")
@needs(Permission.PUBLIC)
def follow(token: str) -> Response:
    """Lead whoever follows a short link to where it leads, once the click is noted."""
    found = redirects.follow(g.runtime, token, request.method, request.headers)
    if found.address:
        return Response("", HTTPStatus.FOUND, {"Location": found.address, **HEADERS})
    if found.is_over:
        return _page(_("This link is over."), HTTPStatus.GONE)
    return _page(_("There is no such page."), HTTPStatus.NOT_FOUND)


def _page(said: str, status: HTTPStatus) -> Response:
    """Return a page that tells nothing else: it hints at nothing that a guess could be about."""
    return Response(PAGE.format(said), status, HEADERS, mimetype="text/html")
