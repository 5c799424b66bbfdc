"""The editor of a page: its words, what it asks, when, and in which languages."""

from typing import NamedTuple

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.acquisition import asked, checking, content, pages, pictures, publishing
from webapp.acquisition.forms.editor import (
    EditorForm,
    LanguageForm,
    editor_form,
    field_names,
    shown,
)
from webapp.acquisition.models import AcquisitionPage
from webapp.acquisition.views import previews
from webapp.acquisition.views.blueprint import blueprint
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx, links
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs
from webapp.profiles import languages

PAGE = "/acquisition/<int:page_id>"


class More(NamedTuple):
    """What was wrong with what was sent, and the form of a language as it was typed."""

    fault: str = ""
    adding: LanguageForm | None = None
    picture_fault: str = ""


@blueprint.get(PAGE)
@needs(Permission.VIEW)
def edit_form(page_id: int) -> Response:
    """Show a page in one of its languages, and beside it how people see it."""
    page = pages.get(g.runtime, page_id)
    return _editor(page)


@blueprint.post(PAGE)
@needs(Permission.WRITE)
def edit(page_id: int) -> ResponseReturnValue:
    """Keep what was written."""
    fields = asked.every(g.runtime)
    form = editor_form(fields)
    valid = form.validate_on_submit()
    try:
        change = form.change(fields, g.runtime.zone) if valid else None
        if change is not None:
            page = pages.edit(g.runtime, page_id, change)
            flash(_("Saved."))
            return _to(page, change.language)
    except (Invalid, Conflict) as fault:
        g.runtime.session.rollback()
        show(form, field_names(getattr(fault, "fields", {})))
        return _editor(
            pages.get(g.runtime, page_id), form, htmx.FORM_ERROR, More(fault=fault.message)
        )
    return _editor(pages.get(g.runtime, page_id), form, htmx.FORM_ERROR)


@blueprint.post(f"{PAGE}/languages")
@needs(Permission.WRITE)
def add_language(page_id: int) -> ResponseReturnValue:
    """Let the page be in one more language."""
    form = LanguageForm()
    page = pages.get(g.runtime, page_id)
    if not form.validate_on_submit():
        return _editor(page, status=htmx.FORM_ERROR, more=More(adding=form))
    try:
        code = pages.add_language(g.runtime, page_id, text(form.code), _edition())
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        page = pages.get(g.runtime, page_id)
        return _editor(page, status=htmx.FORM_ERROR, more=More(adding=form))
    return _to(page, code)


@blueprint.post(f"{PAGE}/languages/remove")
@needs(Permission.WRITE)
def remove_language(page_id: int) -> ResponseReturnValue:
    """Take a language off the page."""
    pages.remove_language(g.runtime, page_id, request.form.get("code", ""), _edition())
    return _to(pages.get(g.runtime, page_id))


@blueprint.post(f"{PAGE}/online")
@needs(Permission.WRITE)
def put_online(page_id: int) -> ResponseReturnValue:
    """Let people read the draft from now on."""
    page = publishing.put_online(g.runtime, page_id, _edition())
    flash(_("Version %(n)s is online.", n=page.number))
    return _to(page)


@blueprint.post(f"{PAGE}/close")
@needs(Permission.WRITE)
def close(page_id: int) -> ResponseReturnValue:
    """Ask nobody any more."""
    page = publishing.close(g.runtime, page_id, _edition())
    flash(_("The page is closed. Its address says so to whoever opens it."))
    return _to(page)


@blueprint.post(f"{PAGE}/picture")
@needs(Permission.WRITE)
def bring_picture(page_id: int) -> ResponseReturnValue:
    """Let the page show a picture."""
    file = request.files.get("picture")
    try:
        page = pictures.bring(g.runtime, page_id, file.read() if file else b"", _edition())
    except Invalid as fault:
        g.runtime.session.rollback()
        page = pages.get(g.runtime, page_id)
        return _editor(page, status=htmx.FORM_ERROR, more=More(picture_fault=fault.message))
    return _to(page)


@blueprint.post(f"{PAGE}/picture/remove")
@needs(Permission.WRITE)
def remove_picture(page_id: int) -> ResponseReturnValue:
    """Let the page show no picture."""
    return _to(pictures.remove(g.runtime, page_id, _edition()))


def _edition() -> int:
    return whole(request.form.get("edition") or 0)


def _to(page: AcquisitionPage, language: str | None = None) -> Redirect:
    at = url_for("acquisition.edit_form", page_id=page.id, language=language)
    return redirect(at, code=303)


def _back(page: AcquisitionPage) -> str:
    """Return where the network leads people back, which must be entered there; empty if unknown."""
    try:
        path = url_for("acquisition.public_back", kind=page.service.kind)
        return links.link(g.runtime.settings, path)
    except Conflict:
        return ""


def _editor(
    page: AcquisitionPage,
    form: EditorForm | None = None,
    status: int = 200,
    more: More | None = None,
) -> Response:
    said = more or More()
    draft = content.read(page.draft)
    wanted = text(form.language) if form else request.args.get("language", "")
    language = wanted if wanted in draft.languages else draft.languages[0]
    fields = asked.every(g.runtime)
    if form is None:
        known = shown(page, draft, language, fields, g.runtime.zone)
        form = editor_form(fields, known)
    return htmx.render(
        "acquisition/edit.html",
        status=status,
        page=page,
        draft=draft,
        form=form,
        fault=said.fault,
        language=language,
        fields=fields,
        lacks={code: len(content.lacking(draft, code)) for code in draft.languages},
        obstacles=[*checking.obstacles(draft), *publishing.sign_in_lacks(g.runtime, page)],
        warnings=checking.warnings(g.runtime, page, draft),
        language_name=languages.name,
        languages=languages.COMMON,
        back=_back(page),
        zone=g.runtime.zone.key,
        preview=previews.of_draft(g.runtime, page, language, previews.asked_stage()),
        stages=previews.stages(),
        adding=said.adding or LanguageForm(formdata=None),
        picture_fault=said.picture_fault,
    )
