"""Where the workflows stand in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry

ENTRIES = (
    Entry(
        endpoint="workflows.index",
        label=lazy_gettext("Workflows"),
        rank=50,
        icon="clock-cog",
        key="w",
    ),
)
