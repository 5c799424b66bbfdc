"""Where the reminders stand in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry

ENTRIES = (
    Entry(
        endpoint="reminders.index",
        label=lazy_gettext("Reminders"),
        rank=60,
        icon="clock",
        key="r",
        count=lambda _runtime: 3,
    ),
)
