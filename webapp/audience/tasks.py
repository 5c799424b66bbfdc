"""The task that reads who follows each account, and what they wrote to it."""

from webapp.audience.sync import SYNCHRONISE, task
from webapp.kernel.i18n import lazy_gettext
from webapp.workflows.tasks import CoreTask

TASKS = (
    CoreTask(
        job=SYNCHRONISE,
        step=task.step,
        name="Synchronisation of {channel} accounts",
        schedule="30 7 * * 4",
        about=lazy_gettext("People of the accounts become visitors; what they wrote is read"),
        for_channel=lambda channel: channel.audience is not None,
    ),
)
