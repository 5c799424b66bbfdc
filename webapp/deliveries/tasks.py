"""The task that reads what networks count of accounts and of their posts."""

from webapp.deliveries.metrics import task
from webapp.kernel.i18n import lazy_gettext
from webapp.workflows.tasks import CoreTask

TASKS = (
    CoreTask(
        job=task.READ_METRICS,
        step=task.step,
        name="Statistics of {channel} accounts",
        schedule="0 6 * * *",
        about=lazy_gettext(
            "What the network counts of each account and of its posts of the last 30 days is read"
        ),
        for_channel=lambda channel: channel.metrics is not None,
    ),
)
