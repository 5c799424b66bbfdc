"""The page of the library."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import clean, whole
from webapp.kernel.web import htmx
from webapp.media import library
from webapp.media.views.blueprint import blueprint
from webapp.operators.access import Permission, needs


@blueprint.get("/media")
@needs(Permission.VIEW)
def index() -> Response:
    """Show the pictures that were used last, and those before."""
    return _page()


@blueprint.post("/media")
@needs(Permission.WRITE)
def bring() -> ResponseReturnValue:
    """Keep a picture; what is wrong with it stands beside its field."""
    file, alt = request.files.get("picture"), clean(request.form.get("alt", ""))
    data, name = (file.read(), clean(file.filename or "")) if file else (b"", "")
    try:
        library.bring(g.runtime, data, name, alt)
    except Invalid as fault:
        g.runtime.session.rollback()
        return _page(htmx.FORM_ERROR, faults=fault.fields, alt=alt)
    flash(_("The picture is in the library."))
    return redirect(url_for("media.index"), code=303)


@blueprint.post("/media/<int:file_id>")
@needs(Permission.WRITE)
def describe(file_id: int) -> ResponseReturnValue:
    """Say what a picture shows."""
    alt = clean(request.form.get("alt", ""))
    try:
        library.describe(g.runtime, file_id, alt)
    except Invalid as fault:
        g.runtime.session.rollback()
        return _page(htmx.FORM_ERROR, faults={str(file_id): fault.message}, alt=alt)
    flash(_("Posts that show it from now on begin with these words."))
    return redirect(url_for("media.index") + f"#media-{file_id}", code=303)


@blueprint.post("/media/<int:file_id>/remove")
@needs(Permission.WRITE)
def remove(file_id: int) -> ResponseReturnValue:
    """Delete a picture that nothing shows."""
    try:
        library.remove(g.runtime, file_id)
        flash(_("The picture is deleted."))
    except Conflict as fault:
        flash(fault.message, "refused")
    return redirect(url_for("media.index"), code=303)


def _page(status: int = 200, faults: dict[str, str] | None = None, alt: str = "") -> Response:
    before = request.args.get("before", type=whole)
    return htmx.render(
        "media/index.html",
        status=status,
        shelf=library.shelf(g.runtime, before),
        faults=faults or {},
        alt=alt,
    )
