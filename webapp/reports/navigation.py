"""Where reports stand in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry

ENTRIES = (
    Entry(
        endpoint="reports.index",
        label=lazy_gettext("Reports"),
        rank=45,
        icon="chart-bar",
    ),
)
