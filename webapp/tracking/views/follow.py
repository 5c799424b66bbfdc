"""Short links: public, without session, cookie or script, and with headers of their own."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, g, request
from werkzeug.datastructures import Headers

from webapp.kernel.i18n import _
from webapp.kernel.text.formats import language
from webapp.operators.access import Permission, needs
from webapp.tracking import redirects
from webapp.tracking.answering import HEADERS
from webapp.tracking.views.blueprint import blueprint

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PAGE = '<!doctype html><html lang="{1}"><meta charset="utf-8"><title>{0}</title><p>{0}</p></html>\n'


@blueprint.get("/l/<token>")
@needs(Permission.PUBLIC)
def follow(token: str) -> Response:
    """Lead whoever follows a short link to where it leads, once the click is noted."""
    found = redirects.follow(g.runtime, token, request.method, request.headers)
    if found.address:
        return _Onward(found.address)
    if found.is_over:
        return _page(_("This link is over."), HTTPStatus.GONE)
    return _page(_("There is no such page."), HTTPStatus.NOT_FOUND)


def _page(said: str, status: HTTPStatus) -> Response:
    """Return a page that tells nothing else: it hints at nothing that a guess could be about."""
    return Response(PAGE.format(said, language()), status, HEADERS, mimetype="text/html")


class _Onward(Response):
    """A redirect whose address stays as it is: werkzeug would spell some signs of it anew."""

    def __init__(self, address: str) -> None:
        super().__init__("", HTTPStatus.FOUND, HEADERS)
        self._address = address

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """Return the headers with the address as `front` gives it, too."""
        found = super().get_wsgi_headers(environ)
        found["Location"] = self._address
        return found
