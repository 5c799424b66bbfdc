"""Where the team stands in the frame."""

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry
from webapp.kernel.permissions import Permission

ENTRIES = (
    Entry(
        endpoint="operators.index",
        label=lazy_gettext("Operators"),
        rank=20,
        settings=True,
        needs=Permission.ADMIN,
    ),
)
