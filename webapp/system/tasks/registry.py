"""The tasks of the system, and which task a workflow runs by the job that its row carries."""

from sqlalchemy import select

from channels import CheckState
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.services.connection import doctor
from webapp.services.models import Service
from webapp.system.tasks import plugin_workflows, retention
from webapp.workflows.models import Run
from webapp.workflows.runs import Done, More, RunFailed, Step, Task, journal
from webapp.workflows.tasks import CoreTask, tasks

CHECK_CREDENTIALS = "check_credentials"
CLEAN_UP = "clean_up"


def check_credentials(runtime: Runtime, run: Run) -> Step:
    """Run the doctor on the next service; the run fails when any service needs fixing."""
    service = runtime.session.scalar(
        select(Service)
        .where(Service.removed_at.is_(None), Service.id > run.checkpoint.get("service", 0))
        .order_by(Service.id)
        .limit(1)
    )
    if service is None:
        return _conclude(run)
    if runtime.registry.has(service.kind):
        _check(runtime, run, service)
    run.done += 1
    run.checkpoint = {**run.checkpoint, "service": service.id}
    runtime.session.commit()
    return More()


def _check(runtime: Runtime, run: Run, service: Service) -> None:
    checks = doctor.diagnose(runtime, service.id)
    faults = [item for item in checks if item.state is CheckState.ERROR]
    name = service.shown_name
    if not faults:
        journal(runtime, run, Notice("checks_passed", name=name, n=len(checks)))
        return
    text = Notice("of_account", name=name, why=doctor.sentence(faults[0]))
    journal(runtime, run, text, level="error")
    run.checkpoint = {**run.checkpoint, "faults": run.checkpoint.get("faults", 0) + 1}


def _conclude(run: Run) -> Step:
    faults = run.checkpoint.get("faults", 0)
    if faults:
        raise RunFailed(Notice("services_to_fix", n=faults, all=run.done))
    return Done()


TASKS = (
    CoreTask(
        job=CHECK_CREDENTIALS,
        step=check_credentials,
        name="Check credentials",
        schedule="0 3 * * *",
        about=lazy_gettext("Keys, tokens, permissions and credit of every account"),
    ),
    CoreTask(
        job=CLEAN_UP,
        step=retention.step,
        name="Clean-up",
        schedule="0 4 * * *",
        about=lazy_gettext("Old messages, journals and audit entries are removed"),
    ),
)


def task_of(runtime: Runtime, job: str) -> Task:
    """Return the task of a workflow's row: a domain's, or the one that runs what plugins bring."""
    known = tasks(runtime).get(job)
    return known.step if known else plugin_workflows.step
