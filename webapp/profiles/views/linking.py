"""Which visitor a profile is: linked, unlinked, told to be somebody else."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.audience.visitors import people
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import text
from webapp.kernel.web.security import inside
from webapp.operators.access import Permission, needs
from webapp.profiles import contacts
from webapp.profiles.forms.profile import LinkForm
from webapp.profiles.listing import search
from webapp.profiles.listing.query import Query
from webapp.profiles.reconciliation import linking
from webapp.profiles.views.blueprint import blueprint

PROFILE = "/audience/profiles/<int:profile_id>"
VISITOR = f"{PROFILE}/visitors/<int:visitor_id>"
OF_VISITOR = "/audience/profiles/visitors/<int:visitor_id>"
SHOWN = 10


@blueprint.get(f"{PROFILE}/link")
@needs(Permission.WRITE)
def link_form(profile_id: int) -> ResponseReturnValue:
    """Show visitors by a name that is typed, to link one of them."""
    profile = contacts.get(g.runtime, profile_id)
    words = request.args.get("q", profile.name)
    found = people.first_named(g.runtime, words, SHOWN).lines if words.strip() else []
    return htmx.render(
        "profiles/link.html",
        profile=profile,
        words=words,
        found=[(line.visitor, linking.of_visitor(g.runtime, line.visitor.id)) for line in found],
        form=LinkForm(),
    )


@blueprint.get(f"{OF_VISITOR}/link")
@needs(Permission.WRITE)
def choose(visitor_id: int) -> ResponseReturnValue:
    """Show profiles by a name that is typed, to link a visitor to one of them."""
    visitor = people.get(g.runtime, visitor_id)
    words = request.args.get("q", visitor.name)
    found = search.search(g.runtime, Query(words=words)) if words.strip() else None
    return htmx.render(
        "profiles/choose.html",
        visitor=visitor,
        words=words,
        lines=found.lines if found else [],
        form=LinkForm(),
    )


@blueprint.post(f"{VISITOR}/link")
@needs(Permission.WRITE)
def link(profile_id: int, visitor_id: int) -> ResponseReturnValue:
    """Link a visitor to a profile."""
    form = LinkForm()
    if not form.validate_on_submit():
        return link_form(profile_id)
    made = linking.link(g.runtime, visitor_id, profile_id, text(form.note))
    flash(_("%(name)s is linked.", name=made.visitor.shown_handle))
    return _back(profile_id)


@blueprint.post(f"{OF_VISITOR}/unlink")
@needs(Permission.WRITE)
def unlink(visitor_id: int) -> ResponseReturnValue:
    """Take a visitor out of a profile."""
    profile = linking.unlink(g.runtime, visitor_id)
    flash(_("The visitor is no longer linked to %(name)s.", name=profile.shown_name))
    return _back(profile.id)


@blueprint.post(f"{VISITOR}/not-same")
@needs(Permission.WRITE)
def not_same(profile_id: int, visitor_id: int) -> ResponseReturnValue:
    """Say that a visitor is somebody else."""
    linking.not_same(g.runtime, visitor_id, profile_id)
    flash(_("Nobody suggests this again."))
    return _back(profile_id)


@blueprint.post(f"{OF_VISITOR}/make")
@needs(Permission.WRITE)
def make(visitor_id: int) -> ResponseReturnValue:
    """Make a new profile of a visitor."""
    profile = linking.make_of(g.runtime, visitor_id)
    flash(_("The profile is made."))
    return _back(profile.id)


@blueprint.post(f"{OF_VISITOR}/accept")
@needs(Permission.WRITE)
def accept(visitor_id: int) -> ResponseReturnValue:
    """Let what a visitor shared count."""
    profile = linking.accept(g.runtime, visitor_id)
    flash(_("Saved."))
    return _back(profile.id)


@blueprint.post(f"{OF_VISITOR}/dismiss")
@needs(Permission.WRITE)
def dismiss(visitor_id: int) -> ResponseReturnValue:
    """Throw away what a visitor shared and waits."""
    linking.dismiss(g.runtime, visitor_id)
    flash(_("What they shared is thrown away."))
    return redirect(_asked(url_for("profiles.who_is_who")), code=303)


def _back(profile_id: int) -> Redirect:
    return redirect(_asked(url_for("profiles.show", profile_id=profile_id)), code=303)


def _asked(otherwise: str) -> str:
    """Return the page of ours that a button stood on, if it says so."""
    return inside(request.form.get("next", ""), otherwise)
