"""Two profiles become one: found, compared, merged, and undone."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.profiles import contacts, fields
from webapp.profiles.listing import search
from webapp.profiles.listing.query import Query
from webapp.profiles.merging import merge as merging
from webapp.profiles.views.blueprint import blueprint

PROFILE = "/audience/profiles/<int:profile_id>"
# What a choice of a field is called in the form.
TAKE = "take-"


@blueprint.get(f"{PROFILE}/merge")
@needs(Permission.WRITE)
def merge_with(profile_id: int) -> Response:
    """Show profiles that may be the same person, and others by a name that is typed."""
    profile = contacts.get(g.runtime, profile_id)
    words = request.args.get("q", "")
    found = search.search(g.runtime, Query(words=words)).lines if words.strip() else []
    return htmx.render(
        "profiles/merge_with.html",
        profile=profile,
        words=words,
        alike=merging.alike(g.runtime, profile),
        found=[line.profile for line in found if line.profile.id != profile_id],
    )


@blueprint.get(f"{PROFILE}/merge/<int:other_id>")
@needs(Permission.WRITE)
def compare(profile_id: int, other_id: int) -> Response:
    """Show in what two profiles differ, and which of it stays."""
    kept, gone = contacts.get(g.runtime, profile_id), contacts.get(g.runtime, other_id)
    labels = {label.name: label.words for label in fields.every(g.runtime)}
    return htmx.render(
        "profiles/merge.html",
        kept=kept,
        gone=gone,
        differences=merging.differences(kept, gone),
        labels=labels,
        until=g.runtime.now() + merging.UNDONE_WITHIN,
    )


@blueprint.post(f"{PROFILE}/merge/<int:other_id>")
@needs(Permission.WRITE)
def merge(profile_id: int, other_id: int) -> ResponseReturnValue:
    """Merge the other profile into the first one."""
    given = request.form
    taken = {
        name.removeprefix(TAKE)
        for name, side in given.items()
        if name.startswith(TAKE) and side == "gone"
    }
    seen = (given.get("kept", 0, type=whole), given.get("gone", 0, type=whole))
    merging.merge(g.runtime, profile_id, other_id, taken=taken, seen=seen)
    flash(_("The two profiles are one now."))
    return redirect(url_for("profiles.show", profile_id=profile_id), code=303)


@blueprint.post("/audience/profiles/merges/<int:merge_id>/undo")
@needs(Permission.WRITE)
def unmerge(merge_id: int) -> ResponseReturnValue:
    """Make two profiles of one again."""
    undone = merging.undo(g.runtime, merge_id)
    flash(_("There are two profiles again, as they were."))
    return redirect(url_for("profiles.show", profile_id=undone.kept_id), code=303)
