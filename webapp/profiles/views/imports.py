"""Files of profiles: brought, mapped to fields, looked at, taken in, and what became of them."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text import csv
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show
from webapp.operators.access import Permission, needs
from webapp.profiles import tags
from webapp.profiles.fields import Fault, fault_words
from webapp.profiles.forms.transfer import COLUMN, FileForm, ReadingForm, reading_form
from webapp.profiles.models import ImportState
from webapp.profiles.transfer import mapping, staging
from webapp.profiles.views.blueprint import blueprint

IMPORT = "/audience/profiles/imports/<int:import_id>"


@blueprint.get("/audience/profiles/imports")
@needs(Permission.VIEW)
def imports() -> Response:
    """Show the imports, and where a file is brought."""
    return _imports(FileForm())


@blueprint.post("/audience/profiles/imports")
@needs(Permission.WRITE)
def bring() -> ResponseReturnValue:
    """Keep a file, and go on to how it is read."""
    form = FileForm()
    if not form.validate_on_submit():
        return _imports(form, htmx.FORM_ERROR)
    given = form.file.data
    try:
        brought = staging.bring(g.runtime, given.filename or "", given.stream)
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _imports(form, htmx.FORM_ERROR)
    return _to(brought.id)


@blueprint.get(IMPORT)
@needs(Permission.VIEW)
def show_import(import_id: int) -> Response:
    """Show one import: how its file is read, how far it is, or what became of it."""
    brought = staging.get(g.runtime, import_id)
    return _import(import_id, reading_form(g.runtime, brought))


@blueprint.post(f"{IMPORT}/mapping")
@needs(Permission.WRITE)
def map_columns(import_id: int) -> ResponseReturnValue:
    """Keep how a file is read, and show what its first rows would do."""
    form = reading_form(g.runtime, staging.get(g.runtime, import_id))
    if not form.validate_on_submit():
        return _import(import_id, form, htmx.FORM_ERROR)
    try:
        staging.map_columns(g.runtime, import_id, form.columns(), form.options())
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        flash(fault.message)
        return _import(import_id, form, htmx.FORM_ERROR)
    return _to(import_id)


@blueprint.post(f"{IMPORT}/start")
@needs(Permission.WRITE)
def start(import_id: int) -> ResponseReturnValue:
    """Let the rows be taken in."""
    try:
        staging.start(g.runtime, import_id)
    except Invalid as fault:
        g.runtime.session.rollback()
        flash(fault.message)
    return _to(import_id)


@blueprint.post(f"{IMPORT}/stop")
@needs(Permission.WRITE)
def stop(import_id: int) -> ResponseReturnValue:
    """Take no more rows in, and keep nothing of the file."""
    staging.stop(g.runtime, import_id)
    flash(_("The import is stopped. Nothing is kept of its file."))
    return _to(import_id)


@blueprint.get(f"{IMPORT}/faults.csv")
@needs(Permission.VIEW)
def faults_csv(import_id: int) -> Response:
    """Return every row that was not read as a file: its line, the column, and why."""
    brought = staging.get(g.runtime, import_id)
    columns = {"line": _("Line"), "field": _("Column"), "why": _("Why it was not read")}
    lines = csv.lines(columns, _faults(import_id), g.runtime.zone)
    at = g.runtime.now().astimezone(g.runtime.zone)
    return csv.attached(lines, "faults", brought.file_name, at=at)


def _faults(import_id: int) -> Iterator[dict[str, Any]]:
    labels = _labels()
    after = 0
    while some := staging.faults(g.runtime, import_id, after, 500):
        for row in some:
            told = fault_words(Fault(row.code))
            yield {"line": row.line, "field": labels.get(row.field, ""), "why": told}
        after = some[-1].line


def _labels() -> dict[str, str]:
    return {label.name: label.words for label in mapping.choices(g.runtime)}


def _imports(form: FileForm, status: int = 200) -> Response:
    return htmx.render(
        "profiles/imports.html", status=status, form=form, rows=staging.newest(g.runtime)
    )


def _import(import_id: int, form: ReadingForm, status: int = 200) -> Response:
    brought = staging.get(g.runtime, import_id)
    is_open = brought.state is ImportState.MAPPING
    if is_open and Permission.WRITE in g.runtime.actor.permissions:
        rows = staging.preview(g.runtime, brought, staging.how_of(brought))
    else:
        rows = []
    return htmx.render(
        "profiles/import.html",
        fragment="profiles/_import.html",
        status=status,
        brought=brought,
        form=form,
        columns=[form[f"{COLUMN}{place}"] for place in range(len(brought.columns))],
        preview=rows,
        faults=staging.faults(g.runtime, import_id),
        fault_words=lambda code: fault_words(Fault(code)),
        labels=_labels(),
        tags=tags.every(g.runtime),
        moving=brought.state is ImportState.RUNNING,
    )


def _to(import_id: int) -> Redirect:
    return redirect(url_for("profiles.show_import", import_id=import_id), code=303)
