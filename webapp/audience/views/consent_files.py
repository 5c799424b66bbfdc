"""Files of answers: brought, mapped, looked at, taken in, and what became of them."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.audience.consent_files import faults, mapping, staging
from webapp.audience.consent_files.faults import Fault
from webapp.audience.forms.consent_files import COLUMN, FileForm, ReadingForm, reading_form
from webapp.audience.models import ConsentImportState
from webapp.audience.views.blueprint import blueprint
from webapp.kernel.db import reading
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text import csv
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show
from webapp.operators.access import Permission, needs

FILES = "/audience/consents"
FILE = f"{FILES}/imports/<int:import_id>"
AT_ONCE = 500


@blueprint.get(FILES)
@needs(Permission.VIEW)
def consents() -> Response:
    """Show the files of answers, where one is brought, and where all answers are written to one."""
    return _files(FileForm())


@blueprint.post(FILES)
@needs(Permission.WRITE)
def bring_consents() -> ResponseReturnValue:
    """Keep a file, and go on to how it is read."""
    form = FileForm()
    if not form.validate_on_submit():
        return _files(form, htmx.FORM_ERROR)
    given = form.file.data
    try:
        brought = staging.bring(g.runtime, given.filename or "", given.stream)
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _files(form, htmx.FORM_ERROR)
    return _to(brought.id)


@blueprint.get(FILE)
@needs(Permission.VIEW)
def show_consents(import_id: int) -> Response:
    """Show one file: how it is read, how far it is, or what became of it."""
    return _file(import_id, reading_form(g.runtime, staging.get(g.runtime, import_id)))


@blueprint.post(f"{FILE}/mapping")
@needs(Permission.WRITE)
def map_consents(import_id: int) -> ResponseReturnValue:
    """Keep how a file is read, and show what its first rows would do."""
    form = reading_form(g.runtime, staging.get(g.runtime, import_id))
    if not form.validate_on_submit():
        return _file(import_id, form, htmx.FORM_ERROR)
    try:
        staging.map_columns(g.runtime, import_id, form.columns(), form.options())
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _file(import_id, form, htmx.FORM_ERROR, fault.message)
    return _to(import_id)


@blueprint.post(f"{FILE}/start")
@needs(Permission.WRITE)
def start_consents(import_id: int) -> ResponseReturnValue:
    """Let the rows be taken in."""
    try:
        staging.start(g.runtime, import_id)
    except Invalid as fault:
        g.runtime.session.rollback()
        form = reading_form(g.runtime, staging.get(g.runtime, import_id))
        show(form, fault.fields)
        return _file(import_id, form, htmx.FORM_ERROR, fault.message)
    return _to(import_id)


@blueprint.post(f"{FILE}/stop")
@needs(Permission.WRITE)
def stop_consents(import_id: int) -> ResponseReturnValue:
    """Take no more rows in, and keep nothing of the file."""
    staging.stop(g.runtime, import_id)
    flash(_("The import is stopped. Nothing is kept of its file."))
    return _to(import_id)


@blueprint.get(f"{FILE}/faults.csv")
@needs(Permission.VIEW)
def consent_faults_csv(import_id: int) -> Response:
    """Return every row that was not taken in as a file: its line, the column, and why."""
    brought = staging.get(g.runtime, import_id)
    columns = {"line": _("Line"), "field": _("Column"), "why": _("Why it was not taken in")}
    lines = csv.lines(columns, _faults(import_id), g.runtime.zone)
    at = g.runtime.now().astimezone(g.runtime.zone)
    return csv.attached(lines, "faults", brought.file_name, at=at)


def _faults(import_id: int) -> Iterator[dict[str, Any]]:
    labels, after = mapping.labels(), 0
    # Nobody who writes waits for whoever downloads slowly.
    g.runtime.session.rollback()
    with reading():
        while some := staging.faults(g.runtime, import_id, after, AT_ONCE):
            for row in some:
                told = faults.words(Fault(row.code))
                yield {"line": row.line, "field": labels.get(row.field, ""), "why": told}
            after = some[-1].line
        g.runtime.session.rollback()


def _files(form: FileForm, status: int = 200) -> Response:
    rows = staging.newest(g.runtime)
    return htmx.render("audience/consents.html", status=status, form=form, rows=rows)


def _file(import_id: int, form: ReadingForm, status: int = 200, fault: str = "") -> Response:
    brought = staging.get(g.runtime, import_id)
    may = Permission.WRITE in g.runtime.actor.permissions
    asks = brought.state is ConsentImportState.MAPPING and may
    return htmx.render(
        "audience/consent_file.html",
        fragment="audience/_consent_file.html",
        status=status,
        brought=brought,
        form=form,
        fault=fault,
        columns=[form[f"{COLUMN}{place}"] for place in range(len(brought.columns))],
        preview=staging.preview(g.runtime, brought) if asks else [],
        faults=staging.faults(g.runtime, import_id),
        fault_words=lambda code: faults.words(Fault(code)),
        labels=mapping.labels(),
        moving=brought.state is ConsentImportState.RUNNING and not request.args.get("still"),
    )


def _to(import_id: int) -> Redirect:
    return redirect(url_for("audience.show_consents", import_id=import_id), code=303)
