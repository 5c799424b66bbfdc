"""The task that reads what networks count of posts."""

from webapp.deliveries.metrics import task
from webapp.kernel.i18n import lazy_gettext
from webapp.workflows.tasks import CoreTask

TASKS = (
    CoreTask(
        job=task.READ_METRICS,
        step=task.step,
        name="Figures of {channel} posts",
        schedule="0 6 * * *",
        about=lazy_gettext("What the network counts of posts of the last 30 days is read"),
        for_channel=lambda channel: channel.metrics is not None,
    ),
)
