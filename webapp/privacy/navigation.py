"""Where privacy stands in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry
from webapp.kernel.permissions import Permission

ENTRIES = (
    Entry(
        endpoint="privacy.index",
        label=lazy_gettext("Privacy"),
        rank=30,
        settings=True,
        needs=Permission.ADMIN,
    ),
)
