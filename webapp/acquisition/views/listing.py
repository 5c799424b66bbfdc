"""The list of pages that ask people, and how one is begun."""

from typing import Any

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.acquisition import pages
from webapp.acquisition.forms.editor import NewPageForm
from webapp.acquisition.models import PageKind
from webapp.acquisition.views.blueprint import blueprint
from webapp.kernel.errors import Invalid
from webapp.kernel.text.formats import language
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import choices, show, text
from webapp.operators.access import Permission, needs
from webapp.profiles import languages
from webapp.services.connection import accounts


@blueprint.get("/acquisition")
@needs(Permission.VIEW)
def index() -> Response:
    """List the pages."""
    return htmx.render("acquisition/index.html", pages=pages.every(g.runtime))


@blueprint.get("/acquisition/new")
@needs(Permission.WRITE)
def new() -> Response:
    """Show what a new page of a template begins with."""
    form = NewPageForm(data={"language": language().replace("_", "-")})
    return _form(form, _kind())


@blueprint.post("/acquisition/new")
@needs(Permission.WRITE)
def create() -> ResponseReturnValue:
    """Make a draft."""
    form, kind = NewPageForm(), _kind()
    form.service_id.choices = _accounts()
    if not form.validate_on_submit():
        return _form(form, kind, htmx.FORM_ERROR)
    wanted = pages.NewPage(
        kind=kind,
        service_id=form.service_id.data,
        label=text(form.label),
        language=text(form.language),
    )
    try:
        page = pages.create(g.runtime, wanted)
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _form(form, kind, htmx.FORM_ERROR)
    return redirect(url_for("acquisition.edit_form", page_id=page.id), code=303)


def _kind() -> PageKind:
    given = request.values.get("kind", "")
    return PageKind(given) if given in set(PageKind) else PageKind.SHARE


def _accounts() -> list[Any]:
    return choices(
        (service.id, service.shown_name)
        for service in accounts.every(g.runtime)
        if not service.is_test
    )


def _form(form: NewPageForm, kind: PageKind, status: int = 200) -> Response:
    form.service_id.choices = _accounts()
    return htmx.render(
        "acquisition/new.html",
        status=status,
        form=form,
        kind=kind,
        languages={code: languages.name(code) for code in languages.COMMON},
    )
