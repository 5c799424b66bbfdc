"""The list of workflows, and one workflow with its runs and a journal."""

from flask import Response, g, request

from webapp.kernel import htmx
from webapp.kernel.values import whole
from webapp.operators.access import Permission, needs
from webapp.workflows import control, reading
from webapp.workflows.forms import CronForm, DaysForm
from webapp.workflows.models import Workflow
from webapp.workflows.views.blueprint import blueprint


@blueprint.get("/workflows")
@needs(Permission.VIEW)
def index() -> Response:
    """List the workflows; a running one refreshes by itself."""
    lines = reading.lines(g.runtime)
    run = reading.latest_run(g.runtime)
    return htmx.render(
        "workflows/index.html",
        fragment="workflows/_table.html",
        lines=lines,
        zone=g.runtime.zone.key,
        busy=any(line.running for line in lines),
        run=run,
        line=reading.line(g.runtime, run.workflow) if run else None,
        journal=reading.journal(g.runtime, run) if run else [],
        runs=reading.runs(g.runtime, run.workflow) if run else [],
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
    run = reading.run_of(g.runtime, workflow, request.args.get("run", type=whole))
    return htmx.render(
        "workflows/show.html",
        fragment="workflows/_watched.html",
        line=reading.line(g.runtime, workflow),
        days=days,
        cron=cron,
        zone=g.runtime.zone.key,
        run=run,
        journal=reading.journal(g.runtime, run) if run else [],
        runs=reading.runs(g.runtime, workflow),
        status=status,
    )
