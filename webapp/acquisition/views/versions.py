"""The tab of versions: what people read so far, what each changed, and the link to the draft."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.acquisition import pages, publishing, versions
from webapp.acquisition.models import AcquisitionVersion
from webapp.acquisition.views.blueprint import blueprint
from webapp.acquisition.views.editing import PAGE
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs


@blueprint.get(f"{PAGE}/versions")
@needs(Permission.VIEW)
def page_versions(page_id: int) -> Response:
    """Show the versions of a page, and what one of them, or the draft, changed."""
    page = pages.get(g.runtime, page_id)
    wanted = request.args.get("number", type=whole)
    known = publishing.versions(g.runtime, page)
    number = wanted if wanted is not None else page.number if not page.changed else None
    if number is None:
        before, after = _content(known, page.number), page.draft
    else:
        after = versions.one(g.runtime, page, number).content
        before = _content(known, number - 1)
    return htmx.render(
        "acquisition/versions.html",
        page=page,
        versions=known,
        number=number,
        found=versions.differences(g.runtime, before, after),
        is_first=before is None,
    )


@blueprint.post(f"{PAGE}/versions/<int:number>/restore")
@needs(Permission.WRITE)
def restore(page_id: int, number: int) -> ResponseReturnValue:
    """Let the draft say what a version said."""
    versions.restore(g.runtime, page_id, number, whole(request.form.get("edition") or 0))
    flash(_("The draft says what version %(n)s said. People read it once it is online.", n=number))
    return redirect(url_for("acquisition.edit_form", page_id=page_id), code=303)


@blueprint.post(f"{PAGE}/link")
@needs(Permission.WRITE)
def renew_link(page_id: int) -> ResponseReturnValue:
    """Make another private link; the old one shows nothing any more."""
    pages.renew_link(g.runtime, page_id, whole(request.form.get("edition") or 0))
    flash(_("The private link is another one. The old one shows nothing any more."))
    return redirect(url_for("acquisition.page_versions", page_id=page_id), code=303)


def _content(known: Sequence[AcquisitionVersion], number: int | None) -> dict[str, Any] | None:
    return next((row.content for row in known if row.number == number), None)
