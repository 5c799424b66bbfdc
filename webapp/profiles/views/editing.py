"""Profiles by hand: made, changed, tagged, removed."""

from collections.abc import Callable

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs
from webapp.profiles import contacts, fields, languages, tags, values
from webapp.profiles.forms.profile import ProfileForm, field_names, profile_form
from webapp.profiles.models import Profile
from webapp.profiles.views.blueprint import blueprint
from webapp.profiles.views.show import page

PROFILE = "/audience/profiles/<int:profile_id>"


@blueprint.get("/audience/profiles/new")
@needs(Permission.WRITE)
def new() -> ResponseReturnValue:
    """Show the form of a new profile."""
    return _form(profile_form(fields.own(g.runtime)), None)


@blueprint.post("/audience/profiles/new")
@needs(Permission.WRITE)
def create() -> ResponseReturnValue:
    """Make a profile."""
    form = profile_form(fields.own(g.runtime))

    def save() -> Profile:
        return contacts.create(g.runtime, form.given(), twice=bool(form.twice.data))

    return _saved(form, None, save, _("The profile is made."))


@blueprint.get(f"{PROFILE}/edit")
@needs(Permission.WRITE)
def edit_form(profile_id: int) -> ResponseReturnValue:
    """Show the form of a profile."""
    profile = contacts.get(g.runtime, profile_id)
    shown = values.of(profile) | {"version": str(profile.version)}
    return _form(profile_form(fields.own(g.runtime), shown), profile)


@blueprint.post(f"{PROFILE}/edit")
@needs(Permission.WRITE)
def edit(profile_id: int) -> ResponseReturnValue:
    """Change a profile."""
    form = profile_form(fields.own(g.runtime))
    profile = contacts.get(g.runtime, profile_id)

    def save() -> Profile:
        return contacts.edit(
            g.runtime,
            profile_id,
            form.given(),
            version=whole(text(form.version) or 0),
            twice=bool(form.twice.data),
        )

    return _saved(form, profile, save, _("Saved."))


@blueprint.post(f"{PROFILE}/remove")
@needs(Permission.WRITE)
def remove(profile_id: int) -> ResponseReturnValue:
    """Remove a profile; its visitors stay."""
    name = contacts.get(g.runtime, profile_id).shown_name
    contacts.remove(g.runtime, profile_id)
    flash(_("The profile of %(name)s is removed.", name=name))
    return redirect(url_for("profiles.index"), code=303)


@blueprint.post(f"{PROFILE}/tags")
@needs(Permission.WRITE)
def tag(profile_id: int) -> ResponseReturnValue:
    """Give a profile a tag."""
    shown = page(profile_id)
    form = shown.tag_form
    if not form.validate_on_submit():
        return shown.render(htmx.FORM_ERROR)
    try:
        tags.add(g.runtime, profile_id, text(form.tag))
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return page(profile_id, tag_form=form).render(htmx.FORM_ERROR)
    return _to(profile_id)


@blueprint.post(f"{PROFILE}/tags/<int:tag_id>/remove")
@needs(Permission.WRITE)
def untag(profile_id: int, tag_id: int) -> ResponseReturnValue:
    """Take a tag from a profile."""
    tags.take(g.runtime, profile_id, tag_id)
    return _to(profile_id)


def _saved(
    form: ProfileForm, profile: Profile | None, save: Callable[[], Profile], said: str
) -> ResponseReturnValue:
    """Run a use-case with what a form says, or show it again with what is wrong."""
    if not form.validate_on_submit():
        return _form(form, profile, htmx.FORM_ERROR)
    number = profile.id if profile else 0
    try:
        number = save().id
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, field_names(fault.fields))
        known = contacts.get(g.runtime, number) if number else None
        return _form(form, known, htmx.FORM_ERROR)
    flash(said)
    return _to(number)


def _form(form: ProfileForm, profile: Profile | None, status: int = 200) -> ResponseReturnValue:
    return htmx.render(
        "profiles/edit.html",
        status=status,
        form=form,
        profile=profile,
        own=[form[f"own_{row.code}"] for row in fields.own(g.runtime)],
        languages={code: languages.name(code) for code in languages.COMMON},
    )


def _to(profile_id: int) -> Redirect:
    return redirect(url_for("profiles.show", profile_id=profile_id), code=303)
