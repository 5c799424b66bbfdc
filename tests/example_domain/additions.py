"""What the reminders add to places of lower domains."""

from webapp.kernel.text import notices
from webapp.workflows.asking import OBJECTIONS

ADDITIONS = (
    OBJECTIONS.add(
        lambda _runtime, workflow: (
            [notices.of("It was done.")] if workflow.job == "remind" else None
        )
    ),
)
