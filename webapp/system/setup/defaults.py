"""What every instance begins with: folders, workflows of each channel, built-in templates.

Their names are stored, and stay as they were stored: a name is searched for, typed at the command
line, printed in exports and changed by its owner, so that everybody must read the same one. What
the core looks for is the kind of a folder and the job of a workflow, never the name.
"""

from collections.abc import Container, Iterable, Iterator

from sqlalchemy import select, update

from channels import ChannelWorkflow
from webapp.deliveries.drafts import templates
from webapp.kernel.errors import Invalid
from webapp.kernel.folders import Folder, FolderKind, folder
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator
from webapp.workflows.models import Run, Workflow, WorkflowState
from webapp.workflows.schedules import cron
from webapp.workflows.tasks import CoreTask, tasks

FOLDER = "Managing social networks"


def ensure(runtime: Runtime) -> None:
    """Make what is missing and change nothing that is there."""
    folder(runtime, FolderKind.SERVICES, "Services")
    folder(runtime, FolderKind.VISITORS, "Visitors")
    place = folder(runtime, FolderKind.WORKFLOWS, FOLDER)
    for wanted in _workflows(runtime):
        _add(runtime, place, wanted)
    templates.ensure_built_in(runtime)
    runtime.session.commit()


def settle(runtime: Runtime, administrator: Operator) -> None:
    """Let what was never started follow the clocks of the first administrator.

    An instance that was told no zone is in UTC, and night work would come in their day.
    """
    if runtime.settings.time_zone != "UTC":
        return
    begun = select(Run.workflow_id)
    untouched = Workflow.state == WorkflowState.STOPPED, Workflow.id.not_in(begun)
    runtime.session.execute(
        update(Workflow).where(*untouched).values(time_zone=administrator.time_zone)
    )
    runtime.session.commit()


def _workflows(runtime: Runtime) -> list[Workflow]:
    """Return the workflows of each channel, those of plugins, and those of the instance."""
    known = tasks(runtime).values()
    whole = [
        Workflow(job=task.job, kind="", name=task.name, schedule=task.schedule)
        for task in known
        if task.for_channel is None
    ]
    return [*_of_channels(runtime, known), *_brought(runtime), *whole]


def _of_channels(runtime: Runtime, known: Iterable[CoreTask]) -> Iterator[Workflow]:
    """Yield a workflow for each channel that a task is for."""
    for task in known:
        for channel in runtime.registry:
            if task.for_channel and task.for_channel(channel):
                name = task.name.format(channel=channel.label)
                yield Workflow(job=task.job, kind=channel.kind, name=name, schedule=task.schedule)


def _brought(runtime: Runtime) -> Iterator[Workflow]:
    """Yield the workflows of plugins; one that cannot be scheduled is left out and shown."""
    for item in runtime.registry.workflows():
        try:
            schedule = schedule_of(item, tasks(runtime))
        except Invalid as fault:
            runtime.registry.disable_workflow(item, fault.message)
        else:
            yield Workflow(job=item.job, kind=item.kind, name=item.name, schedule=schedule)


def schedule_of(item: ChannelWorkflow, reserved: Container[str]) -> str:
    """Return when a plugin's workflow runs; raise `Invalid` where it cannot be scheduled.

    The jobs in `reserved` are those of the core.
    """
    if item.job in reserved:
        raise Invalid(_("The job %(job)s is one of Fanfare’s own.", job=item.job))
    return cron.checked(item.schedule)


def _add(runtime: Runtime, place: Folder, wanted: Workflow) -> None:
    known = select(Workflow.id).where(Workflow.job == wanted.job, Workflow.kind == wanted.kind)
    if runtime.session.scalar(known) is not None:
        return
    wanted.folder_id = place.id
    wanted.state = WorkflowState.STOPPED
    wanted.time_zone = runtime.settings.time_zone
    runtime.session.add(wanted)
