"""The fields that the team adds to its profiles."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs
from webapp.profiles import fields
from webapp.profiles import own_fields as use_cases
from webapp.profiles.forms.profile import FieldForm
from webapp.profiles.views.blueprint import blueprint


@blueprint.get("/settings/profile-fields")
@needs(Permission.ADMIN)
def own_fields() -> Response:
    """Show the fields."""
    return _page(FieldForm())


@blueprint.post("/settings/profile-fields")
@needs(Permission.ADMIN)
def add_field() -> ResponseReturnValue:
    """Add one."""
    form = FieldForm()
    if not form.validate_on_submit():
        return _page(form, htmx.FORM_ERROR)
    try:
        row = use_cases.add(g.runtime, text(form.name))
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _page(form, htmx.FORM_ERROR)
    flash(_("Profiles have the field %(name)s now.", name=row.name))
    return redirect(url_for("profiles.own_fields"), code=303)


@blueprint.post("/settings/profile-fields/<int:field_id>/remove")
@needs(Permission.ADMIN)
def remove_field(field_id: int) -> ResponseReturnValue:
    """Take one away."""
    row = use_cases.remove(g.runtime, field_id)
    flash(_("The field %(name)s is removed.", name=row.name))
    return redirect(url_for("profiles.own_fields"), code=303)


def _page(form: FieldForm, status: int = 200) -> Response:
    return htmx.render(
        "profiles/own_fields.html",
        status=status,
        own=fields.own(g.runtime),
        built_in=fields.built_in(),
        form=form,
    )
