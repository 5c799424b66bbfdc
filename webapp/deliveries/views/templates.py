"""The templates that deliveries start from: the built-in ones, and those of your own."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from channels import Channel
from webapp.deliveries.drafts import templates as library
from webapp.deliveries.forms.template import TemplateForm
from webapp.deliveries.models import Template
from webapp.deliveries.queries import shelf
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.draft_saving import insertions
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs


@blueprint.get("/templates")
@needs(Permission.VIEW)
def templates() -> Response:
    """List the templates that match: the team's own, then the built-in ones."""
    words, kind = request.args.get("q", ""), request.args.get("kind", "")
    return htmx.render(
        "deliveries/templates/index.html",
        lines=shelf.lines(g.runtime, words, kind),
        own=any(not item.built_in for item in library.every(g.runtime)),
        words=words,
        kind=kind,
        channels=_channels(),
    )


@blueprint.get("/templates/<int:template_id>")
@needs(Permission.VIEW)
def template(template_id: int) -> Response:
    """Show a template; one of your own can be changed here."""
    found = library.get(g.runtime, template_id)
    return _page(found, TemplateForm(obj=found))


@blueprint.post("/templates/<int:template_id>")
@needs(Permission.WRITE)
def change_template(template_id: int) -> ResponseReturnValue:
    """Save the name and the text; a fault keeps what was typed."""
    found, form = library.get(g.runtime, template_id), TemplateForm()
    if not form.validate():
        return _page(found, form, htmx.FORM_ERROR)
    try:
        content = str(form.content.data or "")
        library.change(g.runtime, template_id, name=text(form.name), content=content)
    except Invalid as fault:
        show(form, fault.fields)
        return _page(found, form, htmx.FORM_ERROR)
    flash(_("“%(name)s” is saved.", name=text(form.name)))
    return redirect(url_for("deliveries.template", template_id=template_id), code=303)


@blueprint.post("/templates/<int:template_id>/preview")
@needs(Permission.WRITE)
def preview_template(template_id: int) -> Response:
    """Show how the text that is being typed reads; nothing is saved."""
    found = library.get(g.runtime, template_id)
    content = request.form.get("content", "")
    return htmx.render(
        "deliveries/templates/_reads.html",
        template=found,
        preview=shelf.reads(g.runtime, found, content),
    )


@blueprint.post("/templates/<int:template_id>/duplicate")
@needs(Permission.WRITE)
def duplicate_template(template_id: int) -> ResponseReturnValue:
    """Make a template of your own with the same text, and open it."""
    copy = library.duplicate(g.runtime, template_id)
    flash(_("This is a copy. Give it a name of its own."))
    return redirect(url_for("deliveries.template", template_id=copy.id), code=303)


@blueprint.post("/templates/<int:template_id>/remove")
@needs(Permission.WRITE)
def remove_template(template_id: int) -> ResponseReturnValue:
    """Remove a template of your own; deliveries made from it stay."""
    name = library.get(g.runtime, template_id).name
    library.remove(g.runtime, template_id)
    flash(_("“%(name)s” is removed; deliveries made from it stay as they are.", name=name))
    return redirect(url_for("deliveries.templates"), code=303)


def _page(found: Template, form: TemplateForm, status: int = 200) -> Response:
    content = form.content.data if form.content.data is not None else found.content
    return htmx.render(
        "deliveries/templates/edit.html",
        status=status,
        template=found,
        form=form,
        use=shelf.uses(g.runtime).get(found.id, shelf.Use()),
        last=shelf.last_deliveries(g.runtime, found),
        preview=shelf.reads(g.runtime, found, str(content)),
        insertions=insertions(),
        channels=_channels(),
    )


def _channels() -> dict[str, Channel]:
    return {channel.kind: channel for channel in g.runtime.registry}
