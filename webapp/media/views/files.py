"""The bytes of a picture, for whoever is signed in."""

from flask import Response, g, send_file

from webapp.media import library
from webapp.media.views.blueprint import blueprint
from webapp.operators.access import Permission, needs

# A file is what its name says for good. It is no page, whatever a browser takes it for.
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@blueprint.get("/media/files/<digest>")
@needs(Permission.VIEW)
def file(digest: str) -> Response:
    """Show a picture of the library."""
    found = library.by_digest(g.runtime, digest)
    response = send_file(library.opened(g.runtime, found), mimetype=found.mime, max_age=0)
    response.headers.update(HEADERS)
    return response
