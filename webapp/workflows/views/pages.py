"""The list of workflows, and one workflow with its runs and a journal."""

from flask import Response, g, request

from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.workflows import control, queries
from webapp.workflows.forms import CronForm, DaysForm
from webapp.workflows.models import Workflow
from webapp.workflows.views.blueprint import blueprint


@blueprint.get("/workflows")
@needs(Permission.VIEW)
def index() -> Response:
    """List the workflows; a running one refreshes by itself."""
    lines = [queries.launchable(g.runtime, line) for line in queries.lines(g.runtime)]
    run = queries.latest_run(g.runtime)
    return htmx.render(
        "workflows/index.html",
        fragment="workflows/_table.html",
        lines=lines,
        zone=g.runtime.zone.key,
        busy=any(line.running for line in lines),
        run=run,
        line=queries.line(g.runtime, run.workflow) if run else None,
        journal=queries.journal(g.runtime, run) if run else [],
        runs=queries.runs(g.runtime, run.workflow) if run else [],
    )


@blueprint.get("/workflows/<int:workflow_id>")
@needs(Permission.VIEW)
def show(workflow_id: int) -> Response:
    """Show one workflow, its runs, and the journal of the run asked for."""
    workflow = control.get(g.runtime, workflow_id)
    return page_of(workflow)


def page_of(
    workflow: Workflow, faulty: DaysForm | CronForm | None = None, status: int = 200
) -> Response:
    """Render the page of a workflow, where something was sent with the form that has a fault."""
    about = workflow, g.runtime.zone, g.runtime.now()
    days = faulty if isinstance(faulty, DaysForm) else DaysForm.of(*about, sent=False)
    cron = faulty if isinstance(faulty, CronForm) else CronForm.of(*about, sent=False)
    run = queries.run_of(g.runtime, workflow, request.args.get("run", type=whole))
    return htmx.render(
        "workflows/show.html",
        fragment="workflows/_watched.html",
        line=queries.launchable(g.runtime, queries.line(g.runtime, workflow)),
        days=days,
        cron=cron,
        zone=g.runtime.zone.key,
        run=run,
        journal=queries.journal(g.runtime, run) if run else [],
        runs=queries.runs(g.runtime, workflow),
        status=status,
    )
