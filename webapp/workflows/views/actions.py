"""Start, stop, pause, run now, and change the schedule of a workflow."""

from collections.abc import Callable

from flask import flash, g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import LARGEST, whole
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs
from webapp.workflows import control
from webapp.workflows.forms import CronForm, DaysForm
from webapp.workflows.models import Workflow
from webapp.workflows.views.blueprint import blueprint
from webapp.workflows.views.pages import page_of

AGREED = "yes"
Action = Callable[[Runtime, int], object]


def _stop(runtime: Runtime, workflow_id: int) -> object:
    """Stop the run the page showed; a page that showed none stops the schedule."""
    return control.stop(runtime, workflow_id, request.form.get("run", type=whole))


def _run(runtime: Runtime, workflow_id: int) -> object:
    """Begin a run; the page asks before one that passes a budget, and says that it was agreed."""
    agreed = request.form.get("over_budget") == AGREED
    return control.run_now(runtime, workflow_id, over_budget=agreed)


ACTIONS: dict[str, tuple[Action, str]] = {
    "start": (control.start, lazy_gettext("%(name)s is started.")),
    "stop": (_stop, lazy_gettext("%(name)s is stopped; a run under way ends at its next step.")),
    "pause": (control.pause, lazy_gettext("%(name)s is paused.")),
    "resume": (control.resume, lazy_gettext("%(name)s goes on.")),
    "run": (_run, lazy_gettext("%(name)s runs now.")),
}


@blueprint.post("/workflows/<int:workflow_id>/<any(start,stop,pause,resume,run):action>")
@needs(Permission.ADMIN)
def act(workflow_id: int, action: str) -> ResponseReturnValue:
    """Do one of the actions and show where it was asked for again, also where it came too late."""
    use_case, sentence = ACTIONS[action]
    try:
        use_case(g.runtime, workflow_id)
        flash(str(sentence) % {"name": control.get(g.runtime, workflow_id).name})
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
    return htmx.go(_back(workflow_id))


def _back(workflow_id: int) -> str:
    """Return the page asked from: Home, an account that offers the workflow, or its own."""
    if request.form.get("back") == "home":
        return url_for("system.home")
    account = request.form.get("service", default=0, type=int)
    if 0 < account <= LARGEST:
        return url_for("services.show", service_id=account)
    return url_for("workflows.show", workflow_id=workflow_id)


@blueprint.post("/workflows/<int:workflow_id>/schedule")
@needs(Permission.ADMIN)
def reschedule(workflow_id: int) -> ResponseReturnValue:
    """Change the schedule to days and a time; what is wrong is explained beside its field."""
    workflow = control.get(g.runtime, workflow_id)
    form = DaysForm.of(workflow, g.runtime.zone, g.runtime.now())
    return _rescheduled(workflow, form, form.schedule)


@blueprint.post("/workflows/<int:workflow_id>/cron")
@needs(Permission.ADMIN)
def reschedule_by_cron(workflow_id: int) -> ResponseReturnValue:
    """Change the schedule to a cron expression; a wrong one is explained beside the field."""
    workflow = control.get(g.runtime, workflow_id)
    form = CronForm.of(workflow, g.runtime.zone, g.runtime.now())
    return _rescheduled(workflow, form, lambda: text(form.schedule))


def _rescheduled(
    workflow: Workflow, form: DaysForm | CronForm, wanted: Callable[[], str]
) -> ResponseReturnValue:
    if not form.validate_on_submit():
        return page_of(workflow, form, status=htmx.FORM_ERROR)
    try:
        control.reschedule(g.runtime, workflow.id, wanted())
    except Invalid as fault:
        show(form, fault.fields)
        return page_of(workflow, form, status=htmx.FORM_ERROR)
    flash(_("The schedule is changed."))
    return htmx.go(url_for("workflows.show", workflow_id=workflow.id))
