"""Wishes to be erased: who has one, what would go, and the two steps."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.audience.visitors import people
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs
from webapp.privacy import erasing, subject, wishes
from webapp.privacy.forms import EraseForm
from webapp.privacy.views.blueprint import blueprint
from webapp.profiles import contacts


@blueprint.get("/settings/privacy")
@needs(Permission.ADMIN)
def index() -> Response:
    """Show who wants to be erased, and who was."""
    return htmx.render("privacy/index.html", wishes=wishes.newest(g.runtime))


@blueprint.get("/privacy/people/<int:visitor_id>/erasure")
@needs(Permission.WRITE)
def ask_form(visitor_id: int) -> Response:
    """Show what an erasure would take, before anybody asks for it."""
    visitor = people.get(g.runtime, visitor_id)
    return htmx.render("privacy/ask.html", visitor=visitor, held=erasing.held(g.runtime, visitor))


@blueprint.post("/privacy/people/<int:visitor_id>/erasure")
@needs(Permission.WRITE)
def ask(visitor_id: int) -> ResponseReturnValue:
    """Write down that a person wants to be erased."""
    wish = wishes.ask(g.runtime, visitor_id)
    return _to(wish.id, _("The wish is written down, and nobody writes to this person any more."))


@blueprint.get("/privacy/profiles/<int:profile_id>/erasure")
@needs(Permission.WRITE)
def ask_for_profile_form(profile_id: int) -> Response:
    """Show what an erasure of a profile and its visitors would take, before anybody asks for it."""
    whose = subject.of_profile(g.runtime, contacts.get(g.runtime, profile_id))
    held = erasing.held_of(g.runtime, whose)
    return htmx.render("privacy/ask_for_profile.html", whose=whose, held=held)


@blueprint.post("/privacy/profiles/<int:profile_id>/erasure")
@needs(Permission.WRITE)
def ask_for_profile(profile_id: int) -> ResponseReturnValue:
    """Write down that the person of a profile wants to be erased."""
    wish = wishes.ask_for_profile(g.runtime, profile_id)
    return _to(wish.id, _("The wish is written down, and nobody writes to this person any more."))


@blueprint.get("/privacy/wishes/<int:wish_id>")
@needs(Permission.WRITE)
def wish(wish_id: int) -> Response:
    """Show one wish, and what would go."""
    return _wish(wish_id, EraseForm())


@blueprint.post("/privacy/wishes/<int:wish_id>/withdraw")
@needs(Permission.WRITE)
def withdraw(wish_id: int) -> ResponseReturnValue:
    """Keep the person after all."""
    wishes.withdraw(g.runtime, wish_id)
    return _to(wish_id, _("The person is kept."))


@blueprint.post("/privacy/wishes/<int:wish_id>/erase")
@needs(Permission.ADMIN)
def erase(wish_id: int) -> ResponseReturnValue:
    """Erase the person for good."""
    form = EraseForm()
    if not form.validate_on_submit():
        return _wish(wish_id, form, htmx.FORM_ERROR)
    try:
        erasing.erase(g.runtime, wish_id, text(form.name))
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _wish(wish_id, form, htmx.FORM_ERROR)
    return _to(wish_id, _("The person is erased."))


def _wish(wish_id: int, form: EraseForm, status: int = 200) -> Response:
    found = wishes.get(g.runtime, wish_id)
    whose = subject.shown(g.runtime, found)
    held = erasing.held_of(g.runtime, whose) if whose else ()
    return htmx.render(
        "privacy/wish.html",
        status=status,
        wish=found,
        whose=whose,
        held=held,
        gone=erasing.gone(g.runtime, found),
        form=form,
    )


def _to(wish_id: int, said: str) -> Redirect:
    flash(said)
    return redirect(url_for("privacy.wish", wish_id=wish_id), code=303)
