"""Where clicks stand in the settings."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry
from webapp.kernel.permissions import Permission

ENTRIES = (
    Entry(
        endpoint="tracking.settings",
        label=lazy_gettext("Links and clicks"),
        rank=25,
        settings=True,
        needs=Permission.ADMIN,
    ),
)
