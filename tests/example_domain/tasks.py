"""The task that reminds."""

from webapp.kernel.i18n import lazy_gettext
from webapp.workflows.runs import Done
from webapp.workflows.tasks import CoreTask

TASKS = (
    CoreTask(
        job="remind",
        step=lambda _runtime, _run: Done(),
        name="Reminders",
        schedule="0 9 * * *",
        about=lazy_gettext("Everybody is reminded of what is to be done"),
    ),
)
