"""What the reminders add to places of lower domains."""

from webapp.kernel.panels import Panel
from webapp.kernel.text import notices
from webapp.services.places import OVERVIEW
from webapp.workflows.asking import OBJECTIONS


def panel(_runtime, service):
    """Return what is to be remembered of an account, as a panel of its page."""
    data = {"text": f"Remember {service.label}."}
    return Panel(template="reminders/_panel.html", data=data)


ADDITIONS = (
    OVERVIEW.add(panel),
    OBJECTIONS.add(
        lambda _runtime, workflow: (
            [notices.of("It was done.")] if workflow.job == "remind" else None
        )
    ),
)
